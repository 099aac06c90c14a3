namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>Decides whether a client gets a message, as <see cref="IBrokerHandler.AuthorizeForward"/>.</summary>
public delegate ForwardDecision ForwardFunction(in ForwardContext context);
