namespace Kuzzle.Edge.Broker.Connections;

/// <summary>How a message came to be published by a client.</summary>
internal enum PublicationKind
{
    /// <summary>By a PUBLISH.</summary>
    Live,

    /// <summary>By the client's death.</summary>
    Will,
}
