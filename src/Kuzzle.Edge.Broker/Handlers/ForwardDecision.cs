namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>Whether one client gets a message.</summary>
public enum ForwardDecision
{
    /// <summary>It does, if no other handler objects.</summary>
    Pass,

    /// <summary>It does not, as if it had not subscribed.</summary>
    Skip,
}
