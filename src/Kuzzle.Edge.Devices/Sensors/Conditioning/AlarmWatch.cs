namespace Kuzzle.Edge.Devices.Sensors.Conditioning;

/// <summary>Whether one alarm is raised. Used by one thread at a time.</summary>
internal sealed class AlarmWatch(AlarmOptions options)
{
    /// <summary>What it watches for.</summary>
    public AlarmOptions Options => options;

    /// <summary>Whether it is raised.</summary>
    public bool IsRaised { get; private set; }

    /// <summary>Takes a sample; true when it raises the alarm or ends it.</summary>
    public bool Changes(double sample)
    {
        // An alarm that is raised ends only well within its bounds: hysteresis.
        var slack = IsRaised ? options.Hysteresis : 0;
        var isBeyond = sample > options.Above - slack || sample < options.Below + slack;
        if (isBeyond == IsRaised) return false;

        IsRaised = isBeyond;
        return true;
    }
}
