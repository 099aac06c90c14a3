namespace Kuzzle.Edge.Health;

/// <summary>What the process does at the moment.</summary>
internal enum HealthState
{
    /// <summary>It serves clients.</summary>
    Serving,

    /// <summary>It cannot serve, says why, and tries again by itself.</summary>
    OutOfOrder,
}
