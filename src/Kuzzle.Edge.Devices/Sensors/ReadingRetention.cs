using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Events;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>Removes stored readings that are too old or too many, in the background.</summary>
/// <param name="sensors">The sensors as they are when it looks.</param>
/// <param name="sweep">Removes documents.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Hears what fails.</param>
internal sealed partial class ReadingRetention(Func<IEnumerable<SensorOptions>> sensors, DocumentSweep sweep, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>What is a minute too old harms nobody, and each look wakes the processor.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins. To be called once.</summary>
    public void Start() => _running = RunAsync(_stop.Token);

    /// <summary>Ends; a removal under way is finished.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(LookEvery, clock);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (var sensor in sensors().Where(sensor => sensor.RetentionAge is not null || sensor.RetentionCount is not null)) await SweepAsync(sensor, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the process.
        }
    }

    private async Task SweepAsync(SensorOptions sensor, CancellationToken cancellationToken)
    {
        // What a field device of that name has told in the same collection is an event, and bounded by its application.
        var query = $$$"""{"bool":{"filter":[{"term":{"device":"{{{JsonEncodedText.Encode(sensor.Name)}}}"} },{"exists":{"field":"quality"} }] } }""";
        try
        {
            await sweep.RunAsync(new CollectionName(sensor.Index, sensor.Collection), "timestamp", query, sensor.RetentionAge, sensor.RetentionCount, cancellationToken);
        }
        catch (DocumentStoreException failure)
        {
            LogFailed(logger, sensor.Name, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old readings of {Sensor} could not be removed, and are looked for again: {Fault}")]
    private static partial void LogFailed(ILogger logger, string sensor, string fault);
}
