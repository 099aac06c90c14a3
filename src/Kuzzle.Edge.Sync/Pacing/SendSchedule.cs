namespace Kuzzle.Edge.Sync.Pacing;

/// <summary>When what may be sent. Immutable.</summary>
/// <param name="windows">The times of the day when all may; none: always.</param>
/// <param name="urgent">What has this priority, or a larger one, may always.</param>
/// <param name="clock">Tells the local time.</param>
internal sealed class SendSchedule(IReadOnlyList<SendWindow> windows, int? urgent, TimeProvider clock)
{
    /// <summary>Clocks are set, and daylight saving comes and goes: what waits for an opening looks again this often.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>Whether all may be sent now.</summary>
    public bool IsOpen => windows.Count == 0 || windows.Any(window => window.Contains(Now));

    /// <summary>The least priority that may be sent now; null when nothing may.</summary>
    public int? LeastPriority => IsOpen ? int.MinValue : urgent;

    /// <summary>How long to wait before asking again.</summary>
    public TimeSpan UntilNextLook
    {
        get
        {
            // A difference of times of the day is never negative: it goes over midnight.
            var soonest = windows.Select(window => window.Begin - Now).Append(LongestWait).Min();
            return soonest > TimeSpan.Zero ? soonest : TimeSpan.FromSeconds(1);
        }
    }

    private TimeOnly Now => TimeOnly.FromTimeSpan(clock.GetLocalNow().TimeOfDay);
}
