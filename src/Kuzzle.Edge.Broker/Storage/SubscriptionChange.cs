namespace Kuzzle.Edge.Broker.Storage;

/// <summary>A filter that a session subscribed to, or no longer.</summary>
/// <param name="Session">The session's number.</param>
/// <param name="Filter">The filter in UTF-8, as the client gave it.</param>
/// <param name="Subscription">The subscription, which replaces one with the same filter; null when it is removed.</param>
public sealed record SubscriptionChange(long Session, ReadOnlyMemory<byte> Filter, StoredSubscription? Subscription);
