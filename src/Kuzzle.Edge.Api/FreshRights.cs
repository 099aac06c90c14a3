namespace Kuzzle.Edge.Api;

/// <summary>What anonymous clients may do as long as there is no administrator.</summary>
public enum FreshRights
{
    /// <summary>What Kuzzle's restricted anonymous role may: little more than to log in.</summary>
    Restricted,

    /// <summary>Everything, as on a fresh Kuzzle.</summary>
    Open,
}
