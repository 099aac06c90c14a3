using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kuzzle.Edge.Api.Appliances;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge sync</c>: asks the running gateway about its link to the upstream.</summary>
internal static class SyncCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Those who want to know what became of it.</summary>
    private static readonly string[] Watchable = ["status", "resume", "flush", "retry", "resync"];

    /// <summary>The command with its actions.</summary>
    public static Command Create()
    {
        var gateway = new GatewayOptions("The gateway's HTTP address.", GatewayOptions.Local);
        var watch = new Option<bool>("--watch") { Description = "Shows how the backlog melts until nothing waits any more (or Ctrl-C)." };
        var json = new Option<bool>("--json") { Description = "Prints the answer as JSON." };
        var collection = new Argument<string>("INDEX/COLLECTION") { Description = "The collection." };
        var sync = new Command("sync", "Asks the running gateway about its link to the upstream.");
        foreach (var (action, description) in (ReadOnlySpan<(string, string)>)
            [
                ("status", "How the link stands, and how far behind it is."),
                ("pause", "Ends the connection until resume, also after a restart; changes are kept."),
                ("resume", "Takes back a pause."),
                ("flush", "Tries at once what waits for the next attempt."),
                ("retry", "Tries again what the upstream refused for good, and what waits for its time."),
                ("drop", "Gives up what the upstream refused for good: it stays here, and goes up when it changes."),
                ("parked", "What the upstream refused for good, and why."),
                ("resync", "Sends a collection whole, or compares it anew."),
            ])
        {
            var command = new Command(action, description) { json };
            gateway.AddTo(command);
            if (action == "resync") command.Add(collection);
            if (Watchable.Contains(action, StringComparer.Ordinal)) command.Add(watch);
            command.SetAction((parsed, cancellationToken) => InvokeAsync(
                new GatewayClient(gateway.UrlIn(parsed)!, gateway.TokenIn(parsed)),
                new SyncRequest(action, action == "resync" ? parsed.GetValue(collection) : null)
                {
                    AsJson = parsed.GetValue(json),
                    IsWatched = Watchable.Contains(action, StringComparer.Ordinal) && parsed.GetValue(watch),
                },
                Console.Out,
                new SyncProgress(Console.Out, !Console.IsOutputRedirected),
                TimeProvider.System,
                cancellationToken));
            sync.Add(command);
        }

        return sync;
    }

    /// <summary>Asks for an action of <c>edge/sync</c>, prints what it answers and, if that is wanted, what becomes of it.</summary>
    /// <param name="gateway">The gateway; disposed at the end.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="output">Where the answer is printed.</param>
    /// <param name="progress">Where is shown what becomes of it.</param>
    /// <param name="clock">Measures how often.</param>
    /// <param name="cancellationToken">Ends it; what was asked for is done nevertheless.</param>
    public static async Task<int> InvokeAsync(
        GatewayClient gateway, SyncRequest request, TextWriter output, SyncProgress progress, TimeProvider clock, CancellationToken cancellationToken)
    {
        using (gateway)
        {
            (string, string)? collection = null;
            if (request.Collection is { } name)
            {
                if (name.Split('/') is not [{ Length: > 0 } index, { Length: > 0 } inIndex]) return StandardError.Write(ExitCode.Usage, $"a collection is written index/collection, not \"{name}\"");
                collection = (index, inIndex);
            }

            var answer = await gateway.AskAsync(EdgeControllers.Sync, request.Action, collection, cancellationToken);
            if (answer.Complaint is { } complaint) return StandardError.Write(answer.Code, complaint);

            if (request.AsJson) await output.WriteLineAsync(answer.Result.GetRawText().AsMemory(), cancellationToken);
            else if (!request.IsWatched || request.Action != "status") Print(output, answer.Result, indent: "");
            if (!request.IsWatched) return (int)ExitCode.Success;

            progress.Show(answer.Result); // What there was to do: it may be done before the next question.
            return await WatchAsync(gateway, progress, clock, cancellationToken);
        }
    }

    private static async Task<int> WatchAsync(GatewayClient gateway, SyncProgress progress, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (true)
            {
                var answer = await gateway.AskAsync(EdgeControllers.Sync, "status", collection: null, cancellationToken);
                if (answer.Complaint is { } complaint)
                {
                    progress.End();
                    return StandardError.Write(answer.Code, complaint);
                }

                progress.Show(answer.Result);
                if (SyncProgress.IsDone(answer.Result)) break;

                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Somebody has seen enough.
        }

        progress.End();
        return (int)ExitCode.Success;
    }

    /// <summary>One line for each value; moments, which are milliseconds since 1970, as people write them.</summary>
    private static void Print(TextWriter output, JsonElement value, string indent)
    {
        foreach (var member in value.EnumerateObject())
        {
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    output.WriteLine($"{indent}{member.Name}:");
                    Print(output, member.Value, indent + "  ");
                    break;
                case JsonValueKind.Array:
                    output.WriteLine($"{indent}{member.Name}: {member.Value.GetArrayLength()}");
                    foreach (var item in member.Value.EnumerateArray()) PrintItem(output, item, indent + "  ");
                    break;
                case JsonValueKind.Null:
                    output.WriteLine($"{indent}{member.Name}: -");
                    break;
                case JsonValueKind.Number when member.Name is "since" or "oldest" or "lastDelivery" or "nextAttempt" && member.Value.TryGetInt64(out var moment):
                    output.WriteLine($"{indent}{member.Name}: {DateTimeOffset.FromUnixTimeMilliseconds(moment).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}");
                    break;
                case JsonValueKind.Number when member.Name == "oldestAge" && member.Value.TryGetInt64(out var milliseconds):
                    output.WriteLine($"{indent}{member.Name}: {TimeSpan.FromSeconds(milliseconds / 1000):c}");
                    break;
                default:
                    output.WriteLine($"{indent}{member.Name}: {member.Value}");
                    break;
            }
        }
    }

    private static void PrintItem(TextWriter output, JsonElement item, string indent)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("name", out var name))
        {
            output.WriteLine($"{indent}{item}");
            return;
        }

        output.WriteLine($"{indent}{name}:");
        Print(output, item, indent + "  ");
    }
}
