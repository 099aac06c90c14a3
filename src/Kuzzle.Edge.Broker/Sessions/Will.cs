using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>What is published for a client that goes without saying goodbye.</summary>
/// <param name="Client">Whose it is.</param>
/// <param name="Publication">The message; its expiry begins when it is published.</param>
/// <param name="DelaySeconds">How long it waits for the client to come back.</param>
/// <param name="ExpirySeconds">How long it is wanted once published, or null.</param>
internal sealed record Will(ClientConnection Client, Publication Publication, uint DelaySeconds, uint? ExpirySeconds)
{
    /// <summary>What the listener said about its topic.</summary>
    public PublishRuling Ruling { get; init; }
}
