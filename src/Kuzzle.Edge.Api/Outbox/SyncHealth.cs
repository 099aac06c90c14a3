namespace Kuzzle.Edge.Api.Outbox;

/// <summary>Whether the link to the upstream is well.</summary>
/// <param name="Level">How it is.</param>
/// <param name="Reason">Why it is not good, in a sentence; null when it is.</param>
public sealed record SyncHealth(SyncHealthLevel Level, string? Reason);
