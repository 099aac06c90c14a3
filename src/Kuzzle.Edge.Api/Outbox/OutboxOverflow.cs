namespace Kuzzle.Edge.Api.Outbox;

/// <summary>What happens when the outbox has reached its bounds.</summary>
public enum OutboxOverflow
{
    /// <summary>Writes that would add to it are refused, with an error that says so.</summary>
    Refuse,

    /// <summary>The oldest changes of the collections whose rule allows it are given up: they stay here, and the upstream never hears of them. Where there are none, writes are refused.</summary>
    DropOldest,
}
