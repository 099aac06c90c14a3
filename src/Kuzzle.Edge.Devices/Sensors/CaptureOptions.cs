namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>How the kernel captures samples of an IIO device; a reading is made of those since the one before.</summary>
public sealed record CaptureOptions
{
    /// <summary>The most values that a reading may carry besides its own.</summary>
    public const int MaxSeries = 1000;

    /// <summary>The trigger by its name; null leaves the one that is set.</summary>
    public string? Trigger { get; init; }

    /// <summary>How often it samples, in Hz; null leaves it.</summary>
    public double? Frequency { get; init; }

    /// <summary>How many of its samples a reading carries; where there are more, averages of neighbours. 0 to 1000.</summary>
    public int Series { get; init; }
}
