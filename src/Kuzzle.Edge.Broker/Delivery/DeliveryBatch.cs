using System.Buffers;
using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Subscriptions;
using Kuzzle.Edge.Broker.Timing;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Delivery;

/// <summary>
/// What one thread needs while it delivers: the outputs to flush at the end, encoded heads, lists for the search. Rented from the <see cref="DeliveryBatchPool"/>,
/// so that an idle connection holds none.
/// </summary>
internal sealed class DeliveryBatch
{
    // A batch may grow large before its end when one read brought many messages; beyond this much for one receiver, all are flushed.
    private const int FlushBytes = 64 * 1024;

    private readonly List<OutputBuffer> _touched = [];
    private readonly PublishHead[] _heads = [new(), new(), new(), new()];
    private readonly PublishHead _personalHead = new();
    private bool _isLarge;

    /// <summary>The time at which the batch began.</summary>
    public long Now { get; private set; }

    public TreeSearch Search { get; } = new();

    /// <summary>The packet that is being handled.</summary>
    public Publication View { get; } = new();

    /// <summary>Subscriptions that may belong to the same receiver as others.</summary>
    public List<Subscription> Overlapping { get; } = [];

    /// <summary>Retained messages found for a subscription.</summary>
    public List<Publication> Retained { get; } = [];

    /// <summary>Where a packet is written before it goes to an output.</summary>
    public ArrayBufferWriter<byte> Packet { get; } = new();

    /// <summary>Messages and bytes of messages sent and received, until they are added to the broker's counters.</summary>
    public TrafficCount Traffic;

    /// <summary>The commit that has all that the packet in hand owes to absent clients and to the retained store; 0 when it owes nothing.</summary>
    public long Owed { get; private set; }

    public void Begin(long now) => Now = now;

    /// <summary>Another packet: nothing is owed for it yet.</summary>
    public void OweNothing() => Owed = 0;

    /// <summary>What is in this commit belongs to the packet in hand.</summary>
    public void Owe(long ticket) => Owed = Math.Max(Owed, ticket);

    /// <summary>Makes <see cref="View"/> the message that is handled next.</summary>
    public Publication Handle(
        ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> properties, ReadOnlyMemory<byte> payload, byte qos, bool retain, long expiresAt)
    {
        foreach (var head in _heads) head.Forget();
        return View.View(topic, properties, payload, qos, retain, expiresAt);
    }

    /// <summary>
    /// Makes <see cref="View"/> the message of a packet that was just read. What will nearly always be kept is copied into bytes of its own at once; a QoS 0
    /// message stays where it was received.
    /// </summary>
    public Publication Handle(in PublishView packet, PacketReader reader)
    {
        var expiresAt = packet.MessageExpiryInterval is { } seconds ? Now + (seconds * 1000L) : BrokerClock.Never;
        if (packet.QualityOfService == QualityOfService.AtMostOnce && !packet.Retain)
        {
            return Handle(reader.MemoryOf(packet.Topic), ForwardableOf(packet, reader), reader.MemoryOf(packet.Payload), 0, retain: false, expiresAt);
        }

        var bytes = GC.AllocateUninitializedArray<byte>(packet.Topic.Length + packet.ForwardablePropertiesLength + packet.Payload.Length);
        var properties = bytes.AsMemory(packet.Topic.Length, packet.ForwardablePropertiesLength);
        var payload = bytes.AsMemory(packet.Topic.Length + properties.Length);
        packet.Topic.CopyTo(bytes);
        packet.CopyForwardableProperties(properties.Span);
        packet.Payload.CopyTo(payload.Span);
        var publication = Handle(bytes.AsMemory(0, packet.Topic.Length), properties, payload, (byte)packet.QualityOfService, packet.Retain, expiresAt);
        publication.OwnBytes();
        return publication;
    }

    /// <summary>Encodes the start of a PUBLISH, or finds it encoded.</summary>
    public PublishHead Head(Publication publication, bool isVersion5, bool hasIdentifier, ReadOnlySpan<int> subscriptions, TopicAliasUse alias)
    {
        if (!subscriptions.IsEmpty || alias.Alias != 0)
        {
            _personalHead.Encode(publication, isVersion5, hasIdentifier, subscriptions, alias, Now);
            return _personalHead;
        }

        var head = _heads[(isVersion5 ? 2 : 0) + (hasIdentifier ? 1 : 0)];
        if (!head.IsFor(publication)) head.Encode(publication, isVersion5, hasIdentifier, default, default, Now);
        return head;
    }

    /// <summary>Appends to an output and remembers to flush it.</summary>
    public void Append(OutputBuffer output, ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload)
    {
        var unflushed = output.Append(head, payload, out var isFirst);
        Count(head, payload);
        if (isFirst) _touched.Add(output);
        if (unflushed > FlushBytes) _isLarge = true;
    }

    public void Append(OutputBuffer output, ReadOnlySpan<byte> packet) => Append(output, packet, default);

    /// <summary>As <see cref="Append(OutputBuffer,ReadOnlySpan{byte},ReadOnlySpan{byte})"/>, but only if the receiver keeps up.</summary>
    public bool TryAppend(OutputBuffer output, ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload)
    {
        if (!output.TryAppend(head, payload, out var isFirst, out var unflushed)) return false;
        Count(head, payload);

        if (isFirst) _touched.Add(output);
        if (unflushed > FlushBytes) _isLarge = true;
        return true;
    }

    /// <summary>Flushes in the middle of a batch if much has come together. Only where no lock is held.</summary>
    public void FlushIfLarge()
    {
        if (_isLarge) Flush();
    }

    /// <summary>Starts sending what was appended. Only where no lock is held.</summary>
    public void Flush()
    {
        _isLarge = false;

        // By index, and taken off before: flushing runs other code, and what that touches is flushed there.
        while (_touched.Count > 0)
        {
            var output = _touched[^1];
            _touched.RemoveAt(_touched.Count - 1);
            output.Flush();
        }
    }

    public void End()
    {
        Owed = 0;
        _ = Handle(default, default, default, 0, retain: false, BrokerClock.Never);
        Search.Matches.Clear();
        Overlapping.Clear();
        Retained.Clear();
        if (Retained.Capacity > 1024) Retained.Capacity = 0;
    }

    private void Count(ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload)
    {
        Traffic.PacketsOut++;
        Traffic.PacketBytesOut += head.Length + payload.Length;
    }

    private static ReadOnlyMemory<byte> ForwardableOf(in PublishView packet, PacketReader reader)
    {
        if (packet.ForwardablePropertiesLength == packet.Properties.Length) return reader.MemoryOf(packet.Properties);
        if (packet.ForwardablePropertiesLength == 0) return default;

        var properties = new byte[packet.ForwardablePropertiesLength];
        packet.CopyForwardableProperties(properties);
        return properties;
    }
}
