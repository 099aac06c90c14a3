using System.Buffers;
using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors.Clocks;

/// <summary>
/// Sets the times of stored readings right that were taken before the time of day was known: each carries the clock that nobody sets, and once both clocks are known, so is the
/// difference. Readings of an earlier start of the machine cannot be told, and stay marked.
/// </summary>
internal sealed partial class ClockCorrection(KuzzleApi api, BoardClock clock, ILogger logger) : IDisposable
{
    /// <summary>As many as a request may write by default, halved.</summary>
    private const int Batch = 100;

    /// <summary>Each look wakes the processor; a reading that gets its time some seconds later is as right.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>What was measured before may be stored after: a store that was full, a queue. So it is looked again.</summary>
    private static readonly TimeSpan[] LookAgainAfter = [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    private readonly ClientConnection _connection = new("internal", remoteAddress: null);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins. To be called once.</summary>
    public void Start(Func<IEnumerable<SensorOptions>> sensors) => _running = RunAsync(sensors, _stop.Token);

    /// <summary>Ends; a request under way is finished.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(Func<IEnumerable<SensorOptions>> sensors, CancellationToken cancellationToken)
    {
        try
        {
            var wasUnknown = !clock.IsSynchronised;
            using var timer = new PeriodicTimer(LookEvery, clock.Time);
            while (!clock.IsSynchronised && await timer.WaitForNextTickAsync(cancellationToken))
            {
                // A board without a battery, waiting for the network.
            }

            timer.Dispose();
            await CorrectAsync(sensors(), cancellationToken); // Also when it was known from the start: an earlier process of this start of the machine may have stored some.
            if (!wasUnknown) return;

            foreach (var pause in LookAgainAfter)
            {
                await Task.Delay(pause, clock.Time, cancellationToken);
                await CorrectAsync(sensors(), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the process.
        }
    }

    private async Task CorrectAsync(IEnumerable<SensorOptions> sensors, CancellationToken cancellationToken)
    {
        if (clock.BootId.Length == 0) return;

        var collections = sensors.SelectMany(sensor => (CollectionName[])[new(sensor.Index, sensor.Collection), new(sensor.Index, BoardSensor.AlarmCollection)]).Distinct();
        foreach (var collection in collections)
        {
            if (!api.Documents.Catalogue.TryGetCollection(collection, out _)) continue;

            try
            {
                if (await CorrectAsync(collection, cancellationToken) is > 0 and var count) LogCorrected(logger, count, collection.Index, collection.Collection);
            }
            catch (DocumentStoreException failure)
            {
                LogFailed(logger, collection.Index, collection.Collection, failure.Message);
            }
        }
    }

    private async Task<int> CorrectAsync(CollectionName collection, CancellationToken cancellationToken)
    {
        var difference = clock.Time.GetUtcNow().ToUnixTimeMilliseconds() - clock.Milliseconds;
        var boot = JsonEncodedText.Encode(clock.BootId);
        var query = JsonElement.Parse($$$$"""{"query":{"bool":{"must":[{"term":{"clock.boot":"{{{{boot}}}}"}},{"term":{"clock.synced":false}}]}}}""");
        var corrected = 0;
        while (true)
        {
            var found = await api.Documents.SearchAsync(new SearchRequest { Targets = [collection], Body = query, Size = Batch }, cancellationToken);
            if (found.Hits.Count == 0) return corrected;

            var request = ApiRequest.Create("document", "mUpdate", _connection, Caller.System, clock.Time) with
            {
                Index = collection.Index,
                Collection = collection.Collection,
                Body = BodyOf(found.Hits.Select(hit => hit.Document), difference),
            };
            var answer = await api.ExecuteAsync(request, cancellationToken);
            var refused = answer.Result?["errors"]?.AsArray().Count ?? found.Hits.Count;
            corrected += found.Hits.Count - refused;
            if (answer.Error is null && refused == 0) continue;

            LogFailed(logger, collection.Index, collection.Collection, answer.Error?.Message ?? "documents were refused");
            return corrected;
        }
    }

    private static JsonElement BodyOf(IEnumerable<StoredDocument> documents, long difference)
    {
        var output = new ArrayBufferWriter<byte>(Batch * 128);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("documents");
            foreach (var document in documents)
            {
                var source = document.Source;
                writer.WriteStartObject();
                writer.WriteString("_id", document.Id);
                writer.WriteStartObject("body");
                writer.WriteNumber("timestamp", source.GetProperty("clock").GetProperty("mono").GetInt64() + difference);
                if (source.TryGetProperty("quality", out var quality) && quality.ValueEquals(ReadingQualities.WordOf(ReadingQuality.ClockUnsynchronised)))
                {
                    writer.WriteString("quality", ReadingQualities.WordOf(ReadingQuality.Good));
                }

                writer.WriteStartObject("clock");
                writer.WriteBoolean("synced", value: true);
                if (source.TryGetProperty("timestamp", out var told)) // What was told at first, for whoever kept it.
                {
                    writer.WritePropertyName("told");
                    told.WriteTo(writer);
                }

                writer.WriteEndObject();
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonElement.Parse(output.WrittenSpan);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The time of day is known: {Count} readings in {Index}/{Collection} have their time now")]
    private static partial void LogCorrected(ILogger logger, int count, string index, string collection);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The times of readings in {Index}/{Collection} could not be set right, and are tried again: {Fault}")]
    private static partial void LogFailed(ILogger logger, string index, string collection, string fault);
}
