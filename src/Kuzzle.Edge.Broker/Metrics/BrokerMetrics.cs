using System.Diagnostics.Metrics;
using Kuzzle.Edge.Broker.Storage;

namespace Kuzzle.Edge.Broker.Metrics;

/// <summary>The counters of one broker, under the meter <c>Kuzzle.Edge.Broker</c>. Counted in plain fields and read when somebody looks.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    public const string MeterName = "Kuzzle.Edge.Broker";

    private static readonly (DropReason Reason, KeyValuePair<string, object?> Tag)[] Reasons =
    [
        (DropReason.SlowReader, new("reason", "slow_reader")),
        (DropReason.QueueFull, new("reason", "queue_full")),
        (DropReason.TotalFull, new("reason", "total_full")),
        (DropReason.TooLarge, new("reason", "too_large")),
        (DropReason.Expired, new("reason", "expired")),
        (DropReason.Refused, new("reason", "refused")),
        (DropReason.RetainedFull, new("reason", "retained_full")),
        (DropReason.SlowProgram, new("reason", "slow_program")),
    ];

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _commitDuration;
    private readonly long[] _dropped = new long[Reasons.Length];
    private TrafficCount _traffic;
    private long _clients;
    private long _subscriptions;
    private long _queuedBytes;
    private long _queuedMessages;
    private long _pendingBytes;
    private long _inFlightBytes;
    private long _expiredSessions;
    private long _connections;
    private long _droppedEvents;
    private long _sockets;
    private long _storedChanges;

    public BrokerMetrics()
    {
        _ = _meter.CreateObservableUpDownCounter("mqtt.clients.connected", () => Clients, "{client}", "Clients that are connected.");
        _ = _meter.CreateObservableUpDownCounter("mqtt.subscriptions", () => Subscriptions, "{subscription}", "Subscriptions of all sessions.");
        _ = _meter.CreateObservableUpDownCounter("mqtt.queued", () => QueuedBytes, "By", "Messages that wait in the queues of their receivers.");
        _ = _meter.CreateObservableUpDownCounter(
            "mqtt.queued.messages", () => Volatile.Read(ref _queuedMessages), "{message}", "Messages that wait in the queues of their receivers.");
        _ = _meter.CreateObservableUpDownCounter("mqtt.inflight", () => InFlightBytes, "By", "Messages of QoS 1 and 2 that are on their way and not acknowledged.");
        _ = _meter.CreateObservableUpDownCounter("mqtt.output.pending", () => PendingBytes, "By", "Memory of packets that slow readers have not taken.");
        _ = _meter.CreateObservableCounter("mqtt.connections", () => Volatile.Read(ref _connections), "{connection}", "Connections accepted.");
        _ = _meter.CreateObservableCounter(
            "mqtt.connections.refused", ConnectionsRefused.Read, "{connection}", "Connections refused by a CONNACK, by its reason code.");
        _ = _meter.CreateObservableCounter(
            "mqtt.connections.turned_away", ConnectionsTurnedAway.Read, "{connection}", "Connections closed unheard, by the bound that was reached.");
        _ = _meter.CreateObservableCounter("mqtt.disconnections", Disconnections.Read, "{connection}", "Ends of accepted connections, by what ended them.");
        _ = _meter.CreateObservableCounter(
            "mqtt.subscriptions.refused", SubscriptionsRefused.Read, "{subscription}", "Topic filters refused in a SUBACK, by its reason code.");
        _ = _meter.CreateObservableCounter("mqtt.messages.in", () => MessagesIn, "{message}", "PUBLISH packets received.");
        _ = _meter.CreateObservableCounter("mqtt.messages.out", () => Volatile.Read(ref _traffic.MessagesOut), "{message}", "PUBLISH packets sent.");
        _ = _meter.CreateObservableCounter("mqtt.bytes.in", () => Volatile.Read(ref _traffic.BytesIn), "By", "Bytes of PUBLISH packets received.");
        _ = _meter.CreateObservableCounter("mqtt.bytes.out", () => Volatile.Read(ref _traffic.BytesOut), "By", "Bytes of PUBLISH packets sent.");
        _ = _meter.CreateObservableCounter(
            "mqtt.store.changes", () => Volatile.Read(ref _storedChanges), "{change}", "Changes of sessions, messages and retained topics that were stored.");
        _commitDuration = _meter.CreateHistogram<double>("mqtt.store.commit.duration", "s", "How long commits of the message store take.");
        _ = _meter.CreateObservableCounter(
            "mqtt.events.dropped", () => Volatile.Read(ref _droppedEvents), "{event}", "Events that an observer was too slow for.");
        _ = _meter.CreateObservableCounter("mqtt.messages.dropped", ReadDropped, "{message}", "Messages, or copies of them, that went no further.");
    }

    /// <summary>The tags of <c>mqtt.messages.dropped</c>.</summary>
    public static IEnumerable<string> DropReasons => Reasons.Select(reason => (string)reason.Tag.Value!);

    /// <summary>The meter, by which tests tell one broker from another.</summary>
    public Meter Meter => _meter;

    public long Clients => Volatile.Read(ref _clients);

    public long Subscriptions => Volatile.Read(ref _subscriptions);

    public long MessagesIn => Volatile.Read(ref _traffic.MessagesIn);

    /// <summary>By the reason code of the CONNACK.</summary>
    public TaggedCount ConnectionsRefused { get; } = new();

    /// <summary>By the bound that was reached.</summary>
    public TaggedCount ConnectionsTurnedAway { get; } = new();

    /// <summary>By the reason code of the DISCONNECT, whoever has sent it, or by what else has ended the connection.</summary>
    public TaggedCount Disconnections { get; } = new();

    /// <summary>By the reason code in the SUBACK.</summary>
    public TaggedCount SubscriptionsRefused { get; } = new();

    /// <summary>What is held for clients that do not read.</summary>
    public long PendingBytes => Volatile.Read(ref _pendingBytes);

    /// <summary>What is held for clients that do not acknowledge.</summary>
    public long InFlightBytes => Volatile.Read(ref _inFlightBytes);

    /// <summary>
    /// What waits for clients, in queues and outputs. Without what is in flight: that is the same message for many subscribers at once, and each window has its own bound.
    /// </summary>
    public long WaitingBytes => QueuedBytes + PendingBytes;

    /// <summary>How many messages wait for their receivers.</summary>
    public long Queued => Volatile.Read(ref _queuedMessages);

    public long ExpiredSessions => Volatile.Read(ref _expiredSessions);

    public long QueuedBytes => Volatile.Read(ref _queuedBytes);

    /// <summary>Adds gauges that others keep.</summary>
    public void Observe(Func<int> sessions, Func<int> retainedMessages, Func<long> retainedBytes)
    {
        _ = _meter.CreateObservableUpDownCounter("mqtt.sessions", sessions, "{session}", "Sessions, of connected and of absent clients.");
        _ = _meter.CreateObservableUpDownCounter("mqtt.retained", retainedMessages, "{message}", "Retained messages.");
        _ = _meter.CreateObservableUpDownCounter("mqtt.retained.size", retainedBytes, "By", "Bytes of retained messages.");
    }

    /// <summary>A commit of the journal is on the disk.</summary>
    public void Committed(BrokerCommit commit, TimeSpan duration)
    {
        _commitDuration.Record(duration.TotalSeconds);
        var changes = commit.Sessions.Count + commit.Subscriptions.Count + commit.Received.Count + commit.Deliveries.Count + commit.Retained.Count
            + commit.RemovedSessions.Count;
        Interlocked.Add(ref _storedChanges, changes);
    }

    public void ClientConnected()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Increment(ref _clients);
    }

    public void ClientDisconnected() => Interlocked.Decrement(ref _clients);

    public void SubscriptionsChanged(int difference) => Interlocked.Add(ref _subscriptions, difference);

    /// <summary>One message was queued (so many bytes), or has left its queue (so many, negative).</summary>
    public void QueuedChanged(long bytes)
    {
        Interlocked.Add(ref _queuedBytes, bytes);
        Interlocked.Add(ref _queuedMessages, Math.Sign(bytes));
    }

    public void PendingChanged(long bytes) => Interlocked.Add(ref _pendingBytes, bytes);

    /// <summary>What has come and gone since the beginning.</summary>
    public TrafficCount Traffic => new()
    {
        MessagesIn = Volatile.Read(ref _traffic.MessagesIn),
        BytesIn = Volatile.Read(ref _traffic.BytesIn),
        MessagesOut = Volatile.Read(ref _traffic.MessagesOut),
        BytesOut = Volatile.Read(ref _traffic.BytesOut),
        PacketsIn = Volatile.Read(ref _traffic.PacketsIn),
        PacketBytesIn = Volatile.Read(ref _traffic.PacketBytesIn),
        PacketsOut = Volatile.Read(ref _traffic.PacketsOut),
        PacketBytesOut = Volatile.Read(ref _traffic.PacketBytesOut),
    };

    public long Connections => Volatile.Read(ref _connections);

    /// <summary>Connections that were opened, let in or not.</summary>
    public long Sockets => Volatile.Read(ref _sockets);

    public long MessagesDropped => Reasons.Sum(reason => CountDropped(reason.Reason));

    public void SocketOpened() => Interlocked.Increment(ref _sockets);

    public void EventDropped() => Interlocked.Increment(ref _droppedEvents);

    public void SessionExpired() => Interlocked.Increment(ref _expiredSessions);

    public void Dropped(DropReason reason) => Interlocked.Increment(ref _dropped[(int)reason]);

    public long CountDropped(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    /// <summary>Adds a batch's traffic, and begins the next at zero.</summary>
    public void Add(ref TrafficCount traffic)
    {
        if (traffic.MessagesIn != 0)
        {
            Interlocked.Add(ref _traffic.MessagesIn, traffic.MessagesIn);
            Interlocked.Add(ref _traffic.BytesIn, traffic.BytesIn);
        }

        if (traffic.PacketsIn != 0)
        {
            Interlocked.Add(ref _traffic.PacketsIn, traffic.PacketsIn);
            Interlocked.Add(ref _traffic.PacketBytesIn, traffic.PacketBytesIn);
        }

        if (traffic.PacketsOut != 0)
        {
            Interlocked.Add(ref _traffic.PacketsOut, traffic.PacketsOut);
            Interlocked.Add(ref _traffic.PacketBytesOut, traffic.PacketBytesOut);
        }

        if (traffic.MessagesOut != 0)
        {
            Interlocked.Add(ref _traffic.MessagesOut, traffic.MessagesOut);
            Interlocked.Add(ref _traffic.BytesOut, traffic.BytesOut);
        }

        if (traffic.InFlightBytes != 0) Interlocked.Add(ref _inFlightBytes, traffic.InFlightBytes);
        traffic = default;
    }

    public void Dispose() => _meter.Dispose();

    private Measurement<long>[] ReadDropped()
    {
        var measurements = new Measurement<long>[Reasons.Length];
        for (var i = 0; i < Reasons.Length; i++) measurements[i] = new Measurement<long>(CountDropped(Reasons[i].Reason), Reasons[i].Tag);
        return measurements;
    }
}
