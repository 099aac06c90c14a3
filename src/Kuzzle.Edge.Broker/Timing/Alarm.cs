namespace Kuzzle.Edge.Broker.Timing;

/// <summary>
/// Calls something when its time has come, for those whose time changes often: setting it later costs nothing, and once disarmed it is forgotten at once, by the
/// clock too.
/// </summary>
internal sealed class Alarm(BrokerClock clock, IDue target)
{
    /// <summary>Who is called; null once disarmed. This and the rest belong to the clock.</summary>
    internal IDue? Target { get; set; } = target;

    internal long Due { get; set; } = BrokerClock.Never;

    /// <summary>Its place among those that wait, or -1.</summary>
    internal int Place { get; set; } = -1;

    /// <summary>Sees to it that the target is called at this time, and asked when it wants to be called again. A time set before that is earlier stays.</summary>
    public void Set(long due) => clock.Schedule(this, due);

    /// <summary>The target is not called any more.</summary>
    public void Disarm() => clock.Disarm(this);
}
