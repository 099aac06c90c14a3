namespace Kuzzle.Edge.Broker.Storage;

/// <summary>One application message as it is stored. Many clients may wait for the same one: it is the same object then, and should be stored once.</summary>
/// <param name="Number">Different for every message that was ever stored, and greater than those of earlier ones.</param>
/// <param name="Topic">The topic name in UTF-8.</param>
/// <param name="Properties">The MQTT 5 properties that are passed on unaltered, as encoded in a PUBLISH.</param>
/// <param name="Payload">The payload.</param>
/// <param name="Qos">The quality of service it was published with, 0 to 2.</param>
/// <param name="Retain">Whether it was published to be retained.</param>
/// <param name="ExpiresAt">When it is no longer wanted, or null.</param>
public sealed record StoredMessage(
    long Number, ReadOnlyMemory<byte> Topic, ReadOnlyMemory<byte> Properties, ReadOnlyMemory<byte> Payload, byte Qos, bool Retain, DateTimeOffset? ExpiresAt)
{
    /// <summary>Whose message is retained, by client identifier; null for the broker's own, and for messages that are not retained.</summary>
    public string? Publisher { get; init; }
}
