namespace Kuzzle.Edge.Configuration;

/// <summary>What anonymous clients may do on a gateway that has no administrator yet.</summary>
internal enum FreshRights
{
    /// <summary>What Kuzzle's restricted anonymous role may.</summary>
    Restricted,

    /// <summary>Everything, as on a fresh Kuzzle.</summary>
    Open,
}
