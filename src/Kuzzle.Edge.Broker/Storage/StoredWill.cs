namespace Kuzzle.Edge.Broker.Storage;

/// <summary>What is published for a client that went without saying goodbye.</summary>
/// <param name="Message">The message; its own expiry is null, for that begins when it is published.</param>
/// <param name="DelaySeconds">How long it waits for the client to come back.</param>
/// <param name="ExpirySeconds">How long it is wanted once published, or null.</param>
public sealed record StoredWill(StoredMessage Message, uint DelaySeconds, uint? ExpirySeconds);
