namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>Which way messages of a topic go.</summary>
[Flags]
public enum BridgeDirection
{
    /// <summary>From here to the other broker.</summary>
    Out = 1,

    /// <summary>From the other broker to here.</summary>
    In = 2,

    /// <summary>Both ways.</summary>
    Both = Out | In,
}
