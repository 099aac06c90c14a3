using System.CommandLine;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.FirstBoot;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge first-boot</c>: what the image runs to make a box its owner's. Not for machines that have an operating system of their own.</summary>
internal static class FirstBootCommand
{
    /// <summary>The command with its two actions.</summary>
    public static Command Create()
    {
        var firmware = new Option<string>("--firmware") { Description = "The partition with the owner's file.", HelpName = "DIR", DefaultValueFactory = _ => "/boot/firmware" };
        var root = new Option<string>("--root") { Description = "What stands for /.", HelpName = "DIR", DefaultValueFactory = _ => "/" };

        var apply = new Command("apply", "Does what kuzzle-edge.toml, kuzzle-edge.json or Raspberry Pi Imager's file says, and takes the file away.") { firmware, root };
        apply.SetAction(parsed => Apply(new FirmwarePartition(parsed.GetValue(firmware)!), parsed.GetValue(root)!, new SystemTools()));

        var gateway = new Option<Uri>("--url") { Description = "The gateway's HTTP address.", HelpName = "URL", DefaultValueFactory = _ => new Uri("http://127.0.0.1:7512") };
        var claim = new Command("claim", "Makes the administrator whom the owner has named, or says on the console how to claim the box.") { gateway, root };
        claim.SetAction((parsed, cancellationToken) =>
            ClaimAsync(new GatewayClaim(parsed.GetValue(gateway)!), parsed.GetValue(root)!, new SystemTools(), cancellationToken));

        return new Command("first-boot", "What the image runs to make a box its owner's; see docs/image.md.") { apply, claim };
    }

    /// <summary>All that the files want, or, when something is wrong with it, nothing; either way the owner can read beside them how it went.</summary>
    public static int Apply(FirmwarePartition partition, string root, ISystemTools tools)
    {
        try
        {
            new Claim(root).MakeCode();
            if (!TryList(partition, new ConsoleBanner(root, tools), out var files)) return (int)ExitCode.DiskFailure;
            if (files.Count == 0) return (int)ExitCode.Success;

            var faults = new List<ConfigurationFault>();
            var wishes = partition.Read(faults);
            var setup = new BoxSetup(root, tools);
            setup.FindFaults(wishes, faults);
            if (faults.Count > 0)
            {
                foreach (var fault in faults) StandardError.Write(ExitCode.Configuration, fault.ToString());
                var told = faults.Select(fault => fault.ToString()).Prepend($"Nothing of {string.Join(", ", files)} was done, because:");
                new ConsoleBanner(root, tools).ShowFaults(told);
                partition.Answer(told.Append("Mend it and start the box again."));
                return (int)ExitCode.Configuration;
            }

            var troubles = setup.Apply(wishes);
            foreach (var trouble in troubles) StandardError.Write(ExitCode.Unexpected, trouble);
            partition.Answer([.. troubles, $"Done: what {string.Join(", ", files)} said. The file was taken away, for it may have held secrets."]);
            partition.Wipe();
            return (int)(troubles.Count == 0 ? ExitCode.Success : ExitCode.Unexpected);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            StandardError.Write(ExitCode.DiskFailure, exception.Message);
            return (int)ExitCode.DiskFailure;
        }
    }

    private static bool TryList(FirmwarePartition partition, ConsoleBanner banner, out IReadOnlyList<string> files)
    {
        try
        {
            files = partition.Files;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var fault = $"The partition with the owner's file cannot be read: {exception.Message}";
            StandardError.Write(ExitCode.DiskFailure, fault);
            banner.ShowFaults([fault]);
            files = [];
            return false;
        }
    }

    /// <summary>Looks whether the box has an administrator; makes the one who was named; else tells how to become one.</summary>
    public static async Task<int> ClaimAsync(GatewayClaim gateway, string root, ISystemTools tools, CancellationToken cancellationToken)
    {
        try
        {
            var claim = new Claim(root);
            var banner = new ConsoleBanner(root, tools);
            var answer = await gateway.TryAsync(claim.Code, claim.Reserved, cancellationToken);
            if (answer.State == ClaimState.Claimed)
            {
                claim.Close();
                banner.HideClaim();
            }
            else if (answer.State == ClaimState.Unclaimed)
            {
                banner.ShowClaim(claim.Code, answer.Reason);
            }

            if (answer.Reason.Length == 0) return (int)ExitCode.Success;

            StandardError.Write(ExitCode.AddressUnavailable, answer.Reason);
            return (int)ExitCode.AddressUnavailable;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            StandardError.Write(ExitCode.DiskFailure, exception.Message);
            return (int)ExitCode.DiskFailure;
        }
    }
}
