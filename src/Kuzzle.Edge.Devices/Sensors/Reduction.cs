namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>What several samples become when they are one reading.</summary>
public enum Reduction
{
    /// <summary>Their average.</summary>
    Mean,

    /// <summary>The middle one, which a single wild value does not move; of an even number, the average of the middle two.</summary>
    Median,

    /// <summary>The smallest.</summary>
    Min,

    /// <summary>The largest.</summary>
    Max,

    /// <summary>The root of the mean of their squares: what an alternating current or a vibration amounts to.</summary>
    Rms,

    /// <summary>The last; the others are measured for alarms alone.</summary>
    Last,
}
