using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
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
    private const int MostKept = 10_000;

    private static readonly TimeSpan LongestKept = TimeSpan.FromDays(7);

    private readonly DocumentSweep _sweep = new(api, clock);
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
            await _sweep.RunAsync(application.Commands, "createdAt", """{"bool":{"must_not":[{"term":{"state":"queued"}}]}}""", LongestKept, MostKept, cancellationToken);
            await _sweep.RunAsync(application.Rejected, "time", """{"match_all":{}}""", LongestKept, MostKept, cancellationToken);
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
                .Where(name => !RegistryCollections.IsOwn(name) && (named.Contains(name) || named.Contains(EventPolicy.ChannelPlace)))
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
            await _sweep.RunAsync(collection, "time", query, device.Events.MaxAge, device.Events.MaxCount, cancellationToken);
        }

        if (!application.Events.HasRetention) return;

        var names = string.Join(',', own.Select(device => Json(device.Name)));
        var others = $$$"""{"bool":{"filter":[{"exists":{"field":"datacontenttype"} }],"must_not":[{"terms":{"device":[{{{names}}}] } }] } }""";
        await _sweep.RunAsync(collection, "time", others, application.Events.MaxAge, application.Events.MaxCount, cancellationToken);
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
