namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>What became of one filter of a SUBSCRIBE.</summary>
internal enum SubscribeOutcome
{
    /// <summary>There is a new subscription.</summary>
    Added,

    /// <summary>The filter was subscribed before; its options are new.</summary>
    Renewed,

    /// <summary>The session has as many as it may have.</summary>
    TooMany,
}
