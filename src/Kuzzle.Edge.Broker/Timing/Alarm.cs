namespace Kuzzle.Edge.Broker.Timing;

/// <summary>
/// Calls something when its time has come, for those whose time changes often: setting it later costs nothing, and once disarmed it keeps nothing alive.
/// </summary>
internal sealed class Alarm(BrokerClock clock, IDue target)
{
    // An entry of the clock stays until it is due; none may stay for longer than this, in milliseconds.
    private const long LongestWait = 60_000;

    private readonly Lock _gate = new();
    private IDue? _target = target;
    private long _scheduled = BrokerClock.Never;

    /// <summary>Sees to it that the target is called at this time, and asked when it wants to be called again.</summary>
    public void Set(long due)
    {
        lock (_gate)
        {
            if (_target is null || due >= _scheduled || due == BrokerClock.Never) return; // It will be called, or looked at, before.

            _scheduled = Math.Min(due, clock.Now + LongestWait);
            clock.Schedule(this, _scheduled);
        }
    }

    /// <summary>The target is not called any more.</summary>
    public void Disarm()
    {
        lock (_gate) _target = null;
    }

    /// <summary>Called by the clock.</summary>
    internal void Ring(long due, long now)
    {
        IDue? current;
        lock (_gate)
        {
            if (_scheduled != due) return; // It was set to an earlier time.

            _scheduled = BrokerClock.Never;
            current = _target;
        }

        if (current is not null) Set(Math.Max(current.OnDue(now), now + 1));
    }
}
