namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>What all recipients of a message get alike, as bytes that the caller keeps valid. Nothing in it is checked again: it comes from a checked view or from us.</summary>
public readonly ref struct PublishContent
{
    /// <summary>A valid topic name.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>
    /// Encoded properties that go through unchanged, see <see cref="PublishView.CopyForwardableProperties"/>: without expiry, alias and subscription
    /// identifiers. Left out for 3.x.
    /// </summary>
    public ReadOnlySpan<byte> ForwardableProperties { get; init; }

    /// <summary>Seconds that remain; null when the message does not expire. Left out for 3.x. [MQTT5-3.3.2-6]</summary>
    public uint? MessageExpiryInterval { get; init; }
}
