namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>What a full queue does with one more message.</summary>
public enum QueuePolicy
{
    /// <summary>Drops the one that comes: what was there first is what the other side gets.</summary>
    DropNewest,

    /// <summary>Drops the one that has waited longest: the other side gets the latest.</summary>
    DropOldest,
}
