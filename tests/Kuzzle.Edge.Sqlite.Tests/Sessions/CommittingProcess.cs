using System.Diagnostics;
using System.Runtime.InteropServices;
using Kuzzle.Edge.Broker.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sqlite.Tests.Sessions;

/// <summary>A process that commits. Both sides are here: what it does, and how a test starts it.</summary>
internal static class CommittingProcess
{
    private const int FileSizeLimit = 1; // RLIMIT_FSIZE
    private const int FileSizeSignal = 25; // SIGXFSZ

    public static Process Start(string what, string directory)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true };

        // The test host may be dotnet or an executable of its own that lies beside; the runtime is the same.
        if (!string.Equals(Path.GetFileName(start.FileName), "dotnet", StringComparison.Ordinal)) start.FileName = "dotnet";
        start.ArgumentList.Add(typeof(CommittingProcess).Assembly.Location);
        start.ArgumentList.Add(what);
        start.ArgumentList.Add(directory);
        return Process.Start(start) ?? throw new InvalidOperationException("The process could not be started.");
    }

    public static SqliteBrokerStore Open(string directory) =>
        SqliteBrokerStore.Open(new SqliteBrokerStoreOptions { Directory = directory }, NullLoggerFactory.Instance);

    /// <summary>Commits where its predecessor was interrupted, and writes the number of each commit when it has returned.</summary>
    public static async Task CommitUntilKilledAsync(string directory)
    {
        await using var store = Open(directory);
        for (var number = CommitSeries.CountIn(store.Load()) + 1; ; number++)
        {
            store.Commit(CommitSeries.Commit(number));
            await Console.Out.WriteLineAsync($"{number}");
        }
    }

    /// <summary>Commits ten times, then while no file may grow, which must fail, then the same again.</summary>
    public static async Task CommitOnAFailingDiskAsync(string directory)
    {
        await using var store = Open(directory);
        store.Load();
        for (var number = 1; number <= 10; number++) store.Commit(CommitSeries.Commit(number));

        // Without the signal's default action, which ends the process, a write beyond the limit fails as on a broken disk.
        _ = signal(FileSizeSignal, handler: 1);
        Limit((ulong)new FileInfo(Path.Combine(directory, "broker.db-wal")).Length + 10_000);
        var commit = CommitSeries.Commit(11);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var refusal = Should.Throw<BrokerStoreException>(() => store.Commit(commit)).Message;
            await Console.Out.WriteLineAsync(refusal);
        }

        Limit(ulong.MaxValue);
        store.Commit(commit);
        store.Commit(CommitSeries.Commit(12));
        await Console.Out.WriteLineAsync("works again");
    }

    private static void Limit(ulong bytes)
    {
        var limit = new ResourceLimit(bytes, ulong.MaxValue);
        if (setrlimit(FileSizeLimit, in limit) != 0) throw new InvalidOperationException("The size of files cannot be limited.");
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setrlimit(int resource, in ResourceLimit limit);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint signal(int number, nint handler);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct ResourceLimit(ulong Soft, ulong Hard);
}
