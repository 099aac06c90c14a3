namespace Kuzzle.Edge.Broker.Storage;

/// <summary>One client's copy of a message.</summary>
/// <param name="Session">The session's number.</param>
/// <param name="Sequence">Its place among the session's: they are sent in this order.</param>
/// <param name="Message">The message. Null for a loaded one in the state <see cref="DeliveryState.Released"/>, where it is no longer needed.</param>
/// <param name="Qos">The quality of service of this copy, 1 or 2.</param>
/// <param name="Retain">The RETAIN flag of this copy.</param>
/// <param name="SubscriptionIdentifiers">The subscription identifiers that go with it.</param>
/// <param name="Group">The shared subscription that chose this client, <c>NAME/FILTER</c> in UTF-8; empty for none.</param>
public sealed record StoredDelivery(
    long Session, long Sequence, StoredMessage? Message, byte Qos, bool Retain, ReadOnlyMemory<int> SubscriptionIdentifiers, ReadOnlyMemory<byte> Group);
