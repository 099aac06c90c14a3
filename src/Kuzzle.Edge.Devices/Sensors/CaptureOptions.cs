namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>How the kernel captures samples of an IIO device; a reading is the mean of those since the one before.</summary>
public sealed record CaptureOptions
{
    /// <summary>The trigger by its name; null leaves the one that is set.</summary>
    public string? Trigger { get; init; }

    /// <summary>How often it samples, in Hz; null leaves it.</summary>
    public double? Frequency { get; init; }
}
