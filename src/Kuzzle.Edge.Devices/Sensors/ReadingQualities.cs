namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>How qualities are written.</summary>
internal static class ReadingQualities
{
    /// <summary>The word in a reading.</summary>
    public static string WordOf(ReadingQuality quality) => quality switch
    {
        ReadingQuality.Good => "good",
        ReadingQuality.Stale => "stale",
        ReadingQuality.Simulated => "simulated",
        ReadingQuality.OutOfRange => "out-of-range",
        _ => "clock-unsynchronised",
    };
}
