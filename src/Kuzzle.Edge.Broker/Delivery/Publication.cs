using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Broker.Timing;

namespace Kuzzle.Edge.Broker.Delivery;

/// <summary>
/// An application message on its way to its receivers. Either it owns its bytes and never changes, or it is the view of a packet that is just being handled: then
/// whoever needs it for longer calls <see cref="Keep"/>, and all who do share one copy.
/// </summary>
internal sealed class Publication
{
    private Publication? _kept;
    private StoredMessage? _stored;
    private bool _ownsBytes;

    /// <summary>The topic name in UTF-8.</summary>
    public ReadOnlyMemory<byte> Topic { get; private set; }

    /// <summary>The MQTT 5 properties that are passed on unaltered, encoded: all but expiry, alias and subscription identifiers.</summary>
    public ReadOnlyMemory<byte> Properties { get; private set; }

    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>The quality of service it was published with.</summary>
    public byte Qos { get; private set; }

    /// <summary>Whether it was published to be retained.</summary>
    public bool Retain { get; private set; }

    /// <summary>When it is no longer wanted, or <see cref="BrokerClock.Never"/>.</summary>
    public long ExpiresAt { get; private set; } = BrokerClock.Never;

    /// <summary>
    /// Whose message is retained, by client identifier; null for the broker's own, and for what an earlier process has stored. Those who want no messages of their own get
    /// none of these either. [MQTT5-3.8.3-3]
    /// </summary>
    public string? Publisher { get; set; }

    /// <summary>How many bytes it holds, for the bounds.</summary>
    public int Size => Topic.Length + Properties.Length + Payload.Length;

    public bool IsExpired(long now) => now >= ExpiresAt;

    /// <summary>Makes this the view of another message, whose bytes must not change until everybody has been served.</summary>
    public Publication View(
        ReadOnlyMemory<byte> topic, ReadOnlyMemory<byte> properties, ReadOnlyMemory<byte> payload, byte qos, bool retain, long expiresAt)
    {
        Topic = topic;
        Properties = properties;
        Payload = payload;
        Qos = qos;
        Retain = retain;
        ExpiresAt = expiresAt;
        _kept = null;
        _stored = null;
        Publisher = null;
        _ownsBytes = false;
        return this;
    }

    /// <summary>The bytes viewed belong to nobody else: keeping the message needs no copy of them.</summary>
    public void OwnBytes() => _ownsBytes = true;

    /// <summary>Sets the topic that an alias stood for.</summary>
    public void Rename(ReadOnlyMemory<byte> topic) => Topic = topic;

    /// <summary>This message with bytes of its own.</summary>
    public Publication Keep()
    {
        if (_kept is not null) return _kept;

        if (_ownsBytes) return _kept = Own(new Publication().View(Topic, Properties, Payload, Qos, Retain, ExpiresAt), Publisher);

        var bytes = GC.AllocateUninitializedArray<byte>(Size).AsMemory();
        var properties = bytes[Topic.Length..];
        var payload = properties[Properties.Length..];
        Topic.CopyTo(bytes);
        Properties.CopyTo(properties);
        Payload.CopyTo(payload);
        return _kept = Own(new Publication().View(bytes[..Topic.Length], properties[..Properties.Length], payload, Qos, Retain, ExpiresAt), Publisher);
    }

    /// <summary>This message as it is stored, the same object for all who wait for it.</summary>
    public StoredMessage ToStored(Journal journal)
    {
        var kept = Keep();
        return kept._stored ??= new StoredMessage(
            journal.NextNumber(), kept.Topic, kept.Properties, kept.Payload, kept.Qos, kept.Retain, journal.WallTimeOf(kept.ExpiresAt));
    }

    /// <summary>A message that was stored.</summary>
    public static Publication Of(StoredMessage stored, Journal journal)
    {
        var publication = Own(new Publication().View(
            stored.Topic, stored.Properties, stored.Payload, stored.Qos, stored.Retain, journal.TimeOf(stored.ExpiresAt)), publisher: null);
        publication._stored = stored;
        return publication;
    }

    private static Publication Own(Publication publication, string? publisher)
    {
        publication.Publisher = publisher;
        return publication._kept = publication;
    }
}
