namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>Bounds of one client's session in place of the broker's, for clients that a program makes itself.</summary>
/// <param name="MaxQueuedMessages">How many messages may wait for it; what comes then is dropped.</param>
/// <param name="MaxQueuedBytes">How many bytes they may have.</param>
/// <param name="MaxExpirySeconds">How long it may wait for its client; 0xFFFFFFFF for ever.</param>
public sealed record SessionBounds(int MaxQueuedMessages, long MaxQueuedBytes, uint MaxExpirySeconds);
