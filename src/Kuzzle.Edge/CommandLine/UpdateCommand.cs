using System.CommandLine;
using System.Globalization;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Updates;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge update</c>: updates of the appliance's image.</summary>
internal static class UpdateCommand
{
    /// <summary>The question is whether the gateway serves, not how fast: a board that has just started has much else to do, and may need 5 s for this command's own first request.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The command with its actions.</summary>
    /// <param name="file">The option that names a configuration file.</param>
    /// <param name="sources">What there is of a configuration.</param>
    public static Command Create(Option<string> file, Func<ParseResult, ConfigurationSources> sources)
    {
        var what = new Argument<string>("FILE|URL") { Description = "The update's file, or its https address." };
        var sum = new Option<string?>("--sha256") { Description = "The checksum that what is fetched must have.", HelpName = "HEX" };
        var restart = new Option<bool>("--restart") { Description = "Restarts the box into the update when it is installed." };
        var install = new Command("install", "Verifies an update's signature and installs it; the next start of the box is into it.");
        install.Add(what);
        install.Add(sum);
        install.Add(restart);
        install.Add(file);
        install.SetAction((parsed, cancellationToken) => DoAsync(
            rauc => InstallAsync(rauc, parsed.GetValue(what)!, parsed.GetValue(sum), parsed.GetValue(restart), sources(parsed), cancellationToken)));

        var status = new Command("status", "Tells what the slots hold, and whether the last update has proven itself.");
        status.SetAction((_, cancellationToken) => DoAsync(rauc => TellAsync(rauc, cancellationToken)));

        var good = new Command("mark-good", "Keeps the running version; the box does so itself when the gateway is healthy after an update.");
        good.SetAction((_, cancellationToken) => DoAsync(rauc => MarkGoodAsync(rauc, cancellationToken)));

        var back = new Command("rollback", "Goes back to the version in the other slot, and restarts the box.");
        back.Add(file);
        back.SetAction((parsed, cancellationToken) => DoAsync(rauc => UpdateSteps.RollBackAsync(rauc, EdgeConfiguration.StorageDirectory(sources(parsed)), cancellationToken)));

        var healthy = new Command("healthy", "Asks the gateway on this machine whether it serves: 0 if it does.");
        healthy.Add(file);
        healthy.SetAction((parsed, cancellationToken) => AskAsync(sources(parsed), cancellationToken));

        return new Command("update", "Updates of the appliance's image. Where the gateway was installed as a package, apt updates it.") { install, status, good, back, healthy };
    }

    private static async Task<int> DoAsync(Func<Rauc, Task> action)
    {
        if (Rauc.Installed() is not { } rauc)
        {
            return StandardError.Write(ExitCode.AddressUnavailable, "this system is not the appliance's image: the package kuzzle-edge is updated by apt (apt install ./kuzzle-edge_VERSION_ARCHITECTURE.deb)");
        }

        try
        {
            await action(rauc);
            return (int)ExitCode.Success;
        }
        catch (UpdateException exception)
        {
            return StandardError.Write(exception.Code, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return StandardError.Write(ExitCode.DataUnwritable, exception.Message);
        }
    }

    private static async Task InstallAsync(Rauc rauc, string what, string? sum, bool restarts, ConfigurationSources sources, CancellationToken cancellationToken)
    {
        var storage = EdgeConfiguration.StorageDirectory(sources);
        var last = "";
        void Print(UpdateProgress progress)
        {
            // A line for each tenth of a download, and each step that RAUC names.
            var line = progress.Step == "downloading"
                ? string.Create(CultureInfo.InvariantCulture, $"{progress.Step}: {progress.Percent / 10 * 10} %")
                : string.Create(CultureInfo.InvariantCulture, $"{progress.Step}: {progress.Percent} % {progress.Message}");
            if (line == last) return;

            last = line;
            Console.Out.WriteLine(line);
        }

        if (Uri.TryCreate(what, UriKind.Absolute, out var url) && !url.IsFile)
        {
            if (url.Scheme != Uri.UriSchemeHttps) throw new UpdateException(ExitCode.Usage, $"an update is fetched over https, not {url.Scheme}");
            await UpdateSteps.InstallAsync(rauc, new UpdateOrder(url, sum, Bytes: null, restarts), storage, TimeProvider.System, Print, cancellationToken);
        }
        else
        {
            if (!File.Exists(what)) throw new UpdateException(ExitCode.Usage, $"there is no file {what}");
            await rauc.InstallAsync(what, Print, cancellationToken);
            if (restarts) UpdateSteps.AskForRestart(storage);
        }

        await Console.Out.WriteLineAsync(restarts ? "kuzzle-edge: the update is installed; the box restarts" : "kuzzle-edge: the update is installed; it takes effect with the next start of the box");
    }

    private static async Task TellAsync(Rauc rauc, CancellationToken cancellationToken)
    {
        var status = await rauc.StatusAsync(cancellationToken);
        TextTable.Print(status.Compatible, ["slot", "runs", "next", "good", "version", "installed"], [.. status.Slots.Select(slot => (string[])
            [slot.Name, YesOrNo(slot.IsBooted), YesOrNo(slot.Name == status.Primary), YesOrNo(slot.IsGood), slot.Version ?? "as flashed", slot.InstalledAt ?? ""])]);
        if (Rauc.Trial is { } trial) await Console.Out.WriteLineAsync($"on trial: {trial}");
        if (Rauc.RolledBack is { } given) await Console.Out.WriteLineAsync($"given up: {given}");
        if (Rauc.PassedOver is { } passedOver) await Console.Out.WriteLineAsync($"passed over: {passedOver}");
    }

    private static async Task MarkGoodAsync(Rauc rauc, CancellationToken cancellationToken)
    {
        await rauc.MarkGoodAsync(cancellationToken);
        var status = await rauc.StatusAsync(cancellationToken);
        foreach (var slot in status.Slots.Where(slot => slot.IsBooted)) Rauc.EndTrial(slot.Name);
    }

    private static string YesOrNo(bool value) => value ? "yes" : "no";

    private static async Task<int> AskAsync(ConfigurationSources sources, CancellationToken cancellationToken)
    {
        // Without HTTP there is nobody to ask; that the service runs, and that systemd's watchdog is content, is known without.
        if (EdgeConfiguration.LocalAddress(sources) is not { } gateway) return (int)ExitCode.Success;

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            using var client = new HttpMessageInvoker(new SocketsHttpHandler());
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, "_ready"));
            using var response = await client.SendAsync(request, limit.Token);
            return response.IsSuccessStatusCode ? (int)ExitCode.Success : StandardError.Write(ExitCode.AddressUnavailable, string.Create(CultureInfo.InvariantCulture, $"{gateway} answers {(int)response.StatusCode}"));
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return StandardError.Write(ExitCode.AddressUnavailable, $"{gateway} does not answer: {exception.GetBaseException().Message}");
        }
    }
}
