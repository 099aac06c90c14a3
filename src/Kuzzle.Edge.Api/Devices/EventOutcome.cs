namespace Kuzzle.Edge.Api.Devices;

/// <summary>What became of an event.</summary>
/// <param name="Fate">In one word.</param>
/// <param name="Reason">A sentence that its sender may read, or null.</param>
public sealed record EventOutcome(EventFate Fate, string? Reason = null)
{
    /// <summary>It is an event now, and on the disk if it is to be stored.</summary>
    public static EventOutcome Accepted { get; } = new(EventFate.Accepted);

    /// <summary>A rule wants it to go nowhere; its sender is told that it was accepted.</summary>
    public static EventOutcome Dropped { get; } = new(EventFate.Dropped);
}
