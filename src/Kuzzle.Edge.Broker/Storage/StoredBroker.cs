namespace Kuzzle.Edge.Broker.Storage;

/// <summary>All that a store holds.</summary>
/// <param name="CommittedAt">The time of the last commit, or null when there was none.</param>
/// <param name="LastNumber">The greatest number of a session or message that was ever stored, or 0.</param>
/// <param name="Sessions">The sessions.</param>
/// <param name="Retained">The retained messages.</param>
public sealed record StoredBroker(
    DateTimeOffset? CommittedAt, long LastNumber, IReadOnlyList<LoadedSession> Sessions, IReadOnlyList<StoredMessage> Retained);
