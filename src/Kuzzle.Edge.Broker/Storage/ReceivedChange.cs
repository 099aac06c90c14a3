namespace Kuzzle.Edge.Broker.Storage;

/// <summary>A QoS 2 message that a client has sent, or has released.</summary>
/// <param name="Session">The session's number.</param>
/// <param name="PacketIdentifier">The client's packet identifier for it.</param>
/// <param name="IsOwned">True from PUBREC on, false from PUBREL on.</param>
/// <param name="Held">The message, when it is given to a dialect at its release only; else null.</param>
public sealed record ReceivedChange(long Session, ushort PacketIdentifier, bool IsOwned, StoredMessage? Held);
