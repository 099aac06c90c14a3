using System.Diagnostics;
using Kuzzle.Edge.Tests.Processes;
using Kuzzle.Edge.Updates;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Tests.Updates;

/// <summary>Updates that the API asks for, where the command line may have been before.</summary>
public sealed class SystemUpdatesTests : IDisposable
{
    private const string Status =
        """{"compatible":"x","boot_primary":"rootfs.0","slots":[{"rootfs.0":{"bootname":"A","state":"booted","boot_status":"good"}},{"rootfs.1":{"bootname":"B","state":"inactive","boot_status":"good"}}]}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("kuzzle-edge-updates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Going_back_switches_the_boot_loader_and_asks_for_a_restart()
    {
        await using var updates = Updates();

        (await updates.RollBackAsync(CancellationToken.None)).ShouldBeNull();

        IsActivated.ShouldBeTrue();
        Directory.GetFiles(Path.Combine(Storage, "updates")).ShouldBe([Path.Combine(Storage, "updates", "restart")]);
    }

    [Fact]
    public async Task A_box_that_cannot_be_restarted_is_not_switched()
    {
        await File.WriteAllTextAsync(Path.Combine(Storage, "updates"), "no folder");
        await using var updates = Updates();

        var refusal = (await updates.RollBackAsync(CancellationToken.None)).ShouldNotBeNull();

        refusal.Message.ShouldStartWith("the box cannot go back: ");
        IsActivated.ShouldBeFalse();
    }

    [Fact]
    public async Task A_boot_loader_that_refuses_restarts_nothing()
    {
        await using var updates = Updates("exit 1");

        (await updates.RollBackAsync(CancellationToken.None)).ShouldNotBeNull().Message.ShouldContain("rauc status failed");

        Directory.GetFiles(Path.Combine(Storage, "updates")).ShouldBeEmpty();
    }

    [RootFact]
    public void What_root_leaves_behind_belongs_to_the_gateway()
    {
        Run("chown", "12345:23456", Storage);
        var unfinished = Path.Combine(Storage, "updates", "0123.raucb");
        Directory.CreateDirectory(Path.GetDirectoryName(unfinished)!);
        File.WriteAllText(unfinished, "a download that root has begun");

        UpdateSteps.AskForRestart(Storage);

        Run("stat", "--format=%u:%g", Path.GetDirectoryName(unfinished)!, unfinished).ShouldBe("12345:23456\n12345:23456\n");
    }

    private string Storage => Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;

    private bool IsActivated => File.Exists(Path.Combine(_folder, "activated"));

    /// <summary>A box whose other slot is good.</summary>
    private SystemUpdates Updates(string? onActivate = null)
    {
        var program = Path.Combine(_folder, "rauc");
        File.WriteAllText(program, $"#!/bin/sh\nif [ \"$2\" = mark-active ]; then {onActivate ?? $"touch '{_folder}/activated'"}; exit; fi\necho '{Status}'\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new SystemUpdates(new Rauc(program), Storage, TimeProvider.System, NullLogger<SystemUpdates>.Instance);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false }).ShouldNotBeNull();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return said;
    }
}
