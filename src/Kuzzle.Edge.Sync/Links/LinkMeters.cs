using System.Diagnostics.Metrics;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Draining;
using Kuzzle.Edge.Sync.Messages;
using Kuzzle.Edge.Sync.Replicating;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sync.Links;

/// <summary>The link in numbers. What waits is counted from time to time, for whoever reads a gauge cannot wait for the disk.</summary>
internal sealed partial class LinkMeters : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Meter _meter = new("Kuzzle.Edge.Sync");
    private readonly IOutbox _outbox;
    private readonly DownSync _down;
    private readonly LinkRate _taken;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _measuring;
    private volatile OutboxBacklog _backlog = new(0, 0, 0, OldestSince: null);
    private long _takenBefore;

    public LinkMeters(Func<LinkStatus> status, IOutbox outbox, DownSync down, OutboxDrain drain, MessageForward messages, LinkTraffic traffic, TimeProvider clock, ILogger logger)
    {
        _outbox = outbox;
        _down = down;
        _clock = clock;
        _logger = logger;
        _taken = new LinkRate(clock);
        Gauge("upstream.online", () => status().State == LinkState.Online ? 1 : 0, "1 while the upstream answers");
        Gauge("upstream.state", () => (long)status().State, "0 offline, 1 connecting, 2 online, 3 suspended, 4 stopped");
        Gauge("upstream.faults", () => status().Faults, "How often in a row the link has failed by a fault of the program");
        Gauge("upstream.batch", () => drain.BatchSize, "How many documents travel in one request at the moment");
        Gauge("upstream.backlog", () => outbox.Totals.Entries, "Documents and deletions that wait for the upstream");
        Gauge("upstream.backlog.bytes", () => outbox.Totals.Bytes, "Bytes of the documents that wait for the upstream", "By");
        Gauge("upstream.backlog.deferred", () => _backlog.Deferred, "How many of them wait for their own time");
        Gauge("upstream.backlog.parked", () => outbox.Totals.Parked, "Documents that are kept aside because the upstream refused them for good");
        Gauge("upstream.backlog.age", () => _backlog.OldestSince is { } oldest ? Math.Max(0, (long)(clock.GetUtcNow() - oldest).TotalSeconds) : 0, "How long the oldest change has waited", "s");
        Gauge("upstream.messages.waiting", () => messages.Waiting, "Messages that wait on the disk for the upstream");
        Counter("upstream.delivered", () => status().Delivered, "Documents and deletions that the upstream has acknowledged");
        Counter("upstream.parked", () => status().Parked, "Documents that the upstream has refused for good");
        Counter("upstream.taken", () => down.Taken, "Documents and deletions that were taken over from the upstream");
        Counter("upstream.dropped", () => outbox.Totals.Dropped, "Changes that were given up because the outbox was full");
        Counter("upstream.refused", () => outbox.Totals.Refused, "Writes that were refused for want of room");
        Counter("upstream.connections", () => status().Connections, "How often the upstream began to answer");
        Counter("upstream.bytes.sent", () => traffic.SentBytes, "Bytes of requests to the upstream", "By");
        Counter("upstream.bytes.received", () => traffic.ReceivedBytes, "Bytes of answers and notifications of the upstream", "By");
        Counter("upstream.messages.sent", () => messages.Sent, "Messages that the upstream has acknowledged");
        Counter("upstream.messages.received", () => messages.Received, "Messages of the upstream that were published here");
        Counter("upstream.messages.dropped", () => messages.Dropped, "Messages that did not travel: no room, or not kept while the link was not online");
        Counter("upstream.messages.refused", () => messages.Refused, "Messages that the upstream has refused for good");
        _measuring = MeasureAsync(_stop.Token);
    }

    /// <summary>How many documents a second are taken over.</summary>
    public double TakenPerSecond
    {
        get
        {
            CountTaken();
            return _taken.PerSecond;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _measuring;
        _stop.Dispose();
        _meter.Dispose();
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                CountTaken();
                try
                {
                    _backlog = await _outbox.MeasureAsync(cancellationToken);
                }
                catch (DocumentStoreException failure)
                {
                    LogNotMeasured(_logger, failure); // The gauges keep what they had; the link itself tells of a disk that fails.
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The link ends.
        }
    }

    private void CountTaken()
    {
        lock (_lock)
        {
            var taken = _down.Taken;
            _taken.Add(taken - _takenBefore);
            _takenBefore = taken;
        }
    }

    private void Gauge(string name, Func<long> read, string description, string? unit = null) => _meter.CreateObservableGauge(name, read, unit, description);

    private void Counter(string name, Func<long> read, string description, string? unit = null) => _meter.CreateObservableCounter(name, read, unit, description);

    [LoggerMessage(Level = LogLevel.Debug, Message = "What waits for the upstream could not be counted")]
    private static partial void LogNotMeasured(ILogger logger, Exception failure);
}
