namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>How far a value can be trusted. The first that holds, from the top, is told.</summary>
public enum ReadingQuality
{
    /// <summary>Nothing is wrong with it.</summary>
    Good,

    /// <summary>It is the last one that was measured, and older than it should be: the sensor does not answer.</summary>
    Stale,

    /// <summary>It is made up.</summary>
    Simulated,

    /// <summary>It lies outside of what the sensor is said to be able to measure.</summary>
    OutOfRange,

    /// <summary>The value is good; the time is not, for the clock was not set yet.</summary>
    ClockUnsynchronised,
}
