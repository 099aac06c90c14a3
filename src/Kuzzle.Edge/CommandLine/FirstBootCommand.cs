using System.CommandLine;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.FirstBoot;
using Microsoft.Extensions.Logging.Abstractions;

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

        var gateway = new GatewayOptions("The gateway's HTTP address; without it, where its configuration lets it listen.", fallback: null);
        var claim = new Command("claim", "Makes the administrator whom the owner has named, or says on the console how to claim the box.") { root };
        gateway.AddUrlTo(claim);
        claim.SetAction((parsed, cancellationToken) =>
        {
            var box = parsed.GetValue(root)!;
            return ClaimAsync(gateway.UrlIn(parsed) ?? EdgeConfiguration.LocalAddress(SourcesOf(box)), box, new SystemTools(), cancellationToken);
        });

        return new Command("first-boot", "What the image runs to make a box its owner's; see docs/image.md.") { apply, claim };
    }

    /// <summary>
    /// All that the files want, or, when something is wrong with it, nothing; either way the owner can read beside them how it went. What a tool of the system refuses leaves the files where
    /// they are, for the next start to try all of it again.
    /// </summary>
    public static int Apply(FirmwarePartition partition, string root, ISystemTools tools)
    {
        var banner = new ConsoleBanner(root, tools);
        try
        {
            new Claim(root).MakeCode();
            if (!TryList(partition, banner, out var files)) return (int)ExitCode.DiskFailure;
            if (files.Count == 0) return (int)ExitCode.Success;

            var faults = new List<ConfigurationFault>();
            var wishes = partition.Read(faults);
            var setup = new BoxSetup(root, tools);
            setup.FindFaults(wishes, faults);
            if (faults.Count > 0)
            {
                foreach (var fault in faults) StandardError.Write(ExitCode.Configuration, fault.ToString());
                var told = faults.Select(fault => fault.ToString()).Prepend($"Nothing of {string.Join(", ", files)} was done, because:");
                banner.ShowFaults(told);
                partition.Answer(told.Append("Mend it and start the box again."));
                return (int)ExitCode.Configuration;
            }

            var troubles = setup.Apply(wishes);
            if (troubles.Count > 0)
            {
                foreach (var trouble in troubles) StandardError.Write(ExitCode.Unexpected, trouble);
                var told = troubles.Prepend($"Not all of {string.Join(", ", files)} could be done:");
                banner.ShowFaults(told);
                partition.Answer([.. told, .. wishes.NotDone, "The rest was done. The file stays here, with what secrets it holds, and all of it is tried again at the next start."]);
                return (int)ExitCode.Unexpected;
            }

            IEnumerable<string> remarks = wishes.Admin is { } admin && MarkOf(root).IsClaimed ? [.. wishes.NotDone, $"The box has had an administrator: {admin.Name} becomes one only if there is none any more."] : wishes.NotDone;
            partition.Answer([.. remarks, $"Done: what {string.Join(", ", files)} said. The file was taken away, for it may have held secrets."]);
            partition.Wipe();
            return (int)ExitCode.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            StandardError.Write(ExitCode.DiskFailure, exception.Message);
            TryTell(partition, banner, exception.Message);
            return (int)ExitCode.DiskFailure;
        }
    }

    private static bool TryList(FirmwarePartition partition, ConsoleBanner banner, out IReadOnlyList<string> files)
    {
        try
        {
            partition.FinishWipe();
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

    /// <summary>What could not be written may be the very disk that this wants to write.</summary>
    private static void TryTell(FirmwarePartition partition, ConsoleBanner banner, string reason)
    {
        string[] told = ["What the card says could not be carried out to its end, and is tried again at the next start:", reason];
        foreach (var tell in (Action[])[() => banner.ShowFaults(told), () => partition.Answer(told)])
        {
            try
            {
                tell();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                StandardError.Write(ExitCode.DiskFailure, exception.Message);
            }
        }
    }

    /// <summary>Looks whether the box has an administrator; makes the one who was named, also where there was one who is lost; else tells how to become one.</summary>
    /// <param name="gateway">Where the gateway's HTTP is; null where it has none.</param>
    /// <param name="root">What stands for <c>/</c>.</param>
    /// <param name="tools">The programs of the system.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<int> ClaimAsync(Uri? gateway, string root, ISystemTools tools, CancellationToken cancellationToken)
    {
        try
        {
            var claim = new Claim(root);
            var mark = MarkOf(root);
            var banner = new ConsoleBanner(root, tools);
            var wasClaimed = mark.IsClaimed;
            var named = claim.Reserved;
            if (wasClaimed && named is null)
            {
                claim.Close();
                banner.HideClaim();
                return (int)ExitCode.Success;
            }

            if (gateway is null) return StandardError.Write(ExitCode.AddressUnavailable, "the gateway's HTTP is off (server.protocols.http.enabled), through which the first administrator is made");

            // Who can put a file on the card has the box before him.
            var answer = await new GatewayClaim(gateway).TryAsync(wasClaimed ? mark.Reopen() : claim.Code, named, cancellationToken);
            if (wasClaimed && answer.State == ClaimState.Refused) answer = new ClaimAnswer(ClaimState.Claimed, $"the box has an administrator, so {named!.Name} was not made one");
            if (answer.State == ClaimState.Claimed)
            {
                mark.Claim();
                claim.Close();
                banner.HideClaim();
            }
            else if (answer.State != ClaimState.Unknown)
            {
                banner.ShowClaim(claim.Code, gateway.Port, answer.Reason);
            }

            if (answer.Reason.Length == 0) return (int)ExitCode.Success;

            return StandardError.Write(ExitCode.AddressUnavailable, answer.Reason);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return StandardError.Write(ExitCode.DiskFailure, exception.Message);
        }
    }

    private static ClaimMark MarkOf(string root)
    {
        var storage = EdgeConfiguration.StorageDirectory(SourcesOf(root));
        return new ClaimMark(Path.Combine(root, storage.TrimStart('/')), NullLogger.Instance);
    }

    private static ConfigurationSources SourcesOf(string root) => new() { SystemDirectory = Path.Combine(root, "etc/kuzzle-edge") };
}
