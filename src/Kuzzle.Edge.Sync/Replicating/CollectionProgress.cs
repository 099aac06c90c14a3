namespace Kuzzle.Edge.Sync.Replicating;

/// <summary>How far a collection is with its upstream, as it is kept over restarts.</summary>
/// <param name="IsEntered">Whether all that was here before the rule was entered in the outbox.</param>
/// <param name="CaughtUpTo">By the upstream's clock: what changed there before is here; null when it has never been compared.</param>
/// <param name="ComparedAt">By the clock here: when it was compared as a whole.</param>
internal sealed record CollectionProgress(bool IsEntered, DateTimeOffset? CaughtUpTo, DateTimeOffset? ComparedAt)
{
    /// <summary>Nothing was done yet.</summary>
    public static CollectionProgress None { get; } = new(IsEntered: false, null, null);
}
