namespace Kuzzle.Edge.Broker.Storage;

/// <summary>What the broker keeps for one client identifier.</summary>
/// <param name="Number">Different for every session that was ever stored; a client's next session has another one.</param>
/// <param name="ClientId">The client identifier. One session at most is stored for it.</param>
/// <param name="ExpirySeconds">How long it waits for its client; 0 ends it with the connection (then it is stored for its will), 4,294,967,295 never.</param>
/// <param name="DisconnectedAt">Since when its client is away; null while it is connected.</param>
/// <param name="Will">What is published when the client does not come back in time, or null.</param>
public sealed record StoredSession(long Number, string ClientId, uint ExpirySeconds, DateTimeOffset? DisconnectedAt, StoredWill? Will)
{
    /// <summary>Whose it is, by the key of the client's identity; null for an anonymous client's. Nobody else may resume it.</summary>
    public string? Owner { get; init; }
}
