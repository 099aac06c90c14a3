using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Events;

/// <summary>
/// Removes stored events that are too old or too many, in the background and in small steps; and commands that were decided, and messages that were refused, when they are
/// older than a week or more than ten thousand. An upstream keeps what was removed here, and what it has not got yet stays until it has.
/// </summary>
internal sealed partial class EventRetention(KuzzleApi api, RegistryBook book, DeviceOptions options, BoardClock clock, ILogger logger) : IDisposable
{
    /// <summary>Few enough that a device that publishes meanwhile hardly notices.</summary>
    private const int Step = 200;

    private const int MostKept = 10_000;

    /// <summary>When so many of the oldest have to wait for the upstream, the younger ones mostly do, too: they are looked at the next time.</summary>
    private const int MostOwed = 5_000;

    private static readonly TimeSpan LongestKept = TimeSpan.FromDays(7);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = RunAsync();

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Looks through everything once.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var application in book.Applications)
        {
            await SweepAsync(application.Commands, "createdAt", """{"bool":{"must_not":[{"term":{"state":"queued"}}]}}""", LongestKept, MostKept, cancellationToken);
            await SweepAsync(application.Rejected, "time", """{"match_all":{}}""", LongestKept, MostKept, cancellationToken);
            foreach (var collection in CollectionsOf(application)) await SweepEventsAsync(application, collection, cancellationToken);
        }
    }

    /// <summary>Where events of an application may be; with a collection for each channel, everywhere but in the registry's own.</summary>
    private List<CollectionName> CollectionsOf(Application application)
    {
        if (!api.Documents.Catalogue.TryGetIndex(application.Index, out var index)) return [];

        var named = book.DevicesOf(application.Name).Select(device => device.Events).Append(application.Events).Select(policy => policy.Collection ?? "events").ToHashSet(StringComparer.Ordinal);
        return
        [
            .. index.CollectionNames
                .Where(name => name is not ("devices" or "states" or "commands" or "rejected") && (named.Contains(name) || named.Contains(EventPolicy.ChannelPlace)))
                .Select(name => new CollectionName(application.Index, name)),
        ];
    }

    private async Task SweepEventsAsync(Application application, CollectionName collection, CancellationToken cancellationToken)
    {
        // Whoever has a retention of its own is not counted among the others.
        var own = book.DevicesOf(application.Name).Where(device => device.Events.HasRetention).ToList();
        foreach (var device in own)
        {
            var query = $$$"""{"bool":{"filter":[{"term":{"device":{{{Json(device.Name)}}} } },{"exists":{"field":"datacontenttype"} }] } }""";
            await SweepAsync(collection, "time", query, device.Events.MaxAge, device.Events.MaxCount, cancellationToken);
        }

        if (!application.Events.HasRetention) return;

        var names = string.Join(',', own.Select(device => Json(device.Name)));
        var others = $$$"""{"bool":{"filter":[{"exists":{"field":"datacontenttype"} }],"must_not":[{"terms":{"device":[{{{names}}}] } }] } }""";
        await SweepAsync(collection, "time", others, application.Events.MaxAge, application.Events.MaxCount, cancellationToken);
    }

    private async Task SweepAsync(CollectionName collection, string timeField, string query, TimeSpan? maxAge, long? maxCount, CancellationToken cancellationToken)
    {
        if (!api.Documents.Catalogue.TryGetCollection(collection, out _)) return;

        if (maxAge is { } age)
        {
            // Until somebody tells this machine the time, it may be years behind: how old events of that time are, the clock says that nobody sets.
            var undated = $$$"""{"bool":{"filter":[{"term":{"clock.boot":{{{Json(clock.BootId)}}} } },{"term":{"clock.synced":false} }] } }""";
            var oldest = (clock.Time.GetUtcNow() - age).ToUnixTimeMilliseconds();
            var oldestUndated = clock.Milliseconds - (long)age.TotalMilliseconds;
            foreach (var old in (string[])
            [
                FormattableString.Invariant($$$"""{"bool":{"filter":[{{{query}}},{"range":{"{{{timeField}}}":{"lt":{{{oldest}}} } } }],"must_not":[{{{undated}}}] } }"""),
                FormattableString.Invariant($$$"""{"bool":{"filter":[{{{query}}},{{{undated}}},{"range":{"clock.mono":{"lt":{{{oldestUndated}}} } } }] } }"""),
            ])
            {
                var owed = 0;
                while (owed < MostOwed && await RemoveAsync(collection, timeField, old, owed, Step, cancellationToken) is { Found: Step } step) owed += step.Found - step.Removed;
            }
        }

        if (maxCount is not { } count) return;

        var excess = (await api.Documents.CountAsync(collection, JsonElement.Parse(query), cancellationToken)).Total - count;
        var passed = 0;
        while (excess > 0 && passed < MostOwed)
        {
            var (found, removed) = await RemoveAsync(collection, timeField, query, passed, (int)Math.Min(Step, excess), cancellationToken);
            if (found == 0) return;

            // What stays because the upstream has not got it is among the oldest, too: nothing younger goes in its place.
            passed += found - removed;
            excess -= found;
        }
    }

    /// <summary>Removes the oldest ones behind those that were passed over because they have to stay, and answers how many were found and removed.</summary>
    private async Task<(int Found, int Removed)> RemoveAsync(CollectionName collection, string timeField, string query, int passed, int most, CancellationToken cancellationToken)
    {
        var body = JsonElement.Parse($$$"""{"query":{{{query}}},"sort":[{"{{{timeField}}}":"asc"}]}""");
        var found = await api.Documents.SearchAsync(new SearchRequest { Targets = [collection], Body = body, From = passed, Size = most }, cancellationToken);
        if (found.Refusal is { } refusal) throw new DocumentStoreException(refusal.Message);
        if (found.Hits.Count == 0) return (0, 0);

        var outcomes = await api.Documents.WriteAsync(collection, [.. found.Hits.Select(hit => new LocalRemoval(hit.Document.Id, RemovalCondition.NothingWaits))], cancellationToken);
        return (found.Hits.Count, outcomes?.Count(outcome => outcome.Kind == DocumentChangeKind.Delete) ?? 0);
    }

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(options.RetentionInterval, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    await SweepAsync(_stop.Token);
                }
                catch (DocumentStoreException exception)
                {
                    LogFailed(exception);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Time to stop.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Stored events could not be looked through")]
    private partial void LogFailed(Exception exception);
}
