using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Storage;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>What is published for a client that goes without saying goodbye.</summary>
/// <param name="Session">Whose it is: its own subscriptions may not want it.</param>
/// <param name="Publication">The message; its expiry begins when it is published.</param>
/// <param name="DelaySeconds">How long it waits for the client to come back.</param>
/// <param name="ExpirySeconds">How long it is wanted once published, or null.</param>
internal sealed record Will(Session Session, Publication Publication, uint DelaySeconds, uint? ExpirySeconds)
{
    /// <summary>The connection whose dialect takes the will; null when it goes to the subscription tree.</summary>
    public ClientConnection? Taker { get; init; }

    /// <summary>Whether the program's handlers have been asked about it. A will that an earlier process has stored is still to be shown to them.</summary>
    public bool IsJudged { get; init; }

    /// <summary>What the handlers have said.</summary>
    public PublishDecisionKind Decision { get; init; }

    /// <summary>What is stored of it; null when a dialect takes it, for that knows nobody after a restart.</summary>
    public StoredWill? ToStored(Journal journal) => Taker is null ? new StoredWill(Publication.ToStored(journal), DelaySeconds, ExpirySeconds) : null;
}
