using System.Globalization;
using Kuzzle.Edge.Testing.BrokerStores;
using Xunit.Abstractions;

namespace Kuzzle.Edge.Sqlite.Tests.Sessions;

/// <summary>A commit that has returned is there, and one that has not is there whole or not at all, however the process ends.</summary>
public sealed class PowerCuts(ITestOutputHelper log) : IDisposable
{
    private const int Kills = 8;

    private readonly string _directory = TestStore.NewDirectory();
    private readonly string _copy = TestStore.NewDirectory();

    public void Dispose()
    {
        foreach (var directory in new[] { _directory, _copy })
        {
            if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Commits_are_there_whole_after_every_kill()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        log.WriteLine($"seed {seed}");

        for (var kill = 1; kill <= Kills; kill++)
        {
            var returned = await CommitUntilKilledAsync(random.Next(1, 300));

            await using var store = CommittingProcess.Open(_directory);
            var loaded = store.Load();
            var found = CommitSeries.CountIn(loaded);
            log.WriteLine($"kill {kill}: {returned} commits had returned, {found} are there");
            found.ShouldBeGreaterThanOrEqualTo(returned);
            found.ShouldBeLessThan(returned + 1000);
            loaded.ToText().ShouldBe(CommitSeries.TextAfter(found), $"kill {kill}, seed {seed}");
        }
    }

    [Fact]
    public async Task A_copy_of_the_files_at_any_moment_has_what_was_committed()
    {
        await using var store = CommittingProcess.Open(_directory);
        store.Load();
        for (var number = 1; number <= 30; number++) store.Commit(CommitSeries.Commit(number));
        CopyFiles();

        store.Commit(CommitSeries.Commit(31));

        await using var copy = CommittingProcess.Open(_copy);
        copy.Load().ToText().ShouldBe(CommitSeries.TextAfter(30));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(50_000)]
    [InlineData(300_000)]
    public async Task A_log_that_was_torn_while_being_written_loses_whole_commits_only(int tornBytes)
    {
        await using var store = CommittingProcess.Open(_directory);
        store.Load();
        for (var number = 1; number <= 30; number++) store.Commit(CommitSeries.Commit(number));
        CopyFiles();
        await using (var file = new FileStream(Path.Combine(_copy, "broker.db-wal"), FileMode.Open)) file.SetLength(file.Length - tornBytes);

        await using var copy = CommittingProcess.Open(_copy);
        var loaded = copy.Load();
        var found = CommitSeries.CountIn(loaded);
        found.ShouldBeInRange(5, 29);
        loaded.ToText().ShouldBe(CommitSeries.TextAfter(found));
    }

    [Fact]
    public async Task A_commit_that_an_io_error_has_stopped_works_when_it_is_tried_again()
    {
        using var process = CommittingProcess.Start(nameof(CommittingProcess.CommitOnAFailingDiskAsync), _directory);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(4, output);
        foreach (var refusal in lines[..3]) refusal.ShouldStartWith($"Reading or writing {Path.Combine(_directory, "broker.db")} failed (I/O error ");
        lines[3].ShouldBe("works again");
        process.ExitCode.ShouldBe(0);
        await using var store = CommittingProcess.Open(_directory);
        store.Load().ToText().ShouldBe(CommitSeries.TextAfter(12));
    }

    private async Task<long> CommitUntilKilledAsync(int commits)
    {
        using var process = CommittingProcess.Start(nameof(CommittingProcess.CommitUntilKilledAsync), _directory);
        var returned = 0L;
        try
        {
            while (commits-- > 0 && await process.StandardOutput.ReadLineAsync() is { } line) returned = long.Parse(line, CultureInfo.InvariantCulture);
            commits.ShouldBeLessThan(0, "the process must not end by itself");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        // What it has said before it was killed and nobody has read yet; a torn last line says nothing.
        var rest = await process.StandardOutput.ReadToEndAsync();
        var whole = rest.LastIndexOf('\n');
        return whole < 0 ? returned : long.Parse(rest[..whole].Split('\n')[^1], CultureInfo.InvariantCulture);
    }

    private void CopyFiles()
    {
        Directory.CreateDirectory(_copy);
        foreach (var suffix in new[] { "", "-wal" }) File.Copy(Path.Combine(_directory, "broker.db" + suffix), Path.Combine(_copy, "broker.db" + suffix));
    }
}
