namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>A bound whose crossing is told.</summary>
public sealed record AlarmOptions
{
    /// <summary>Its name, of its own among the alarms of the channel.</summary>
    public required string Name { get; init; }

    /// <summary>Raised when a sample is greater than this; null when that is no alarm.</summary>
    public double? Above { get; init; }

    /// <summary>Raised when a sample is less than this; null when that is no alarm.</summary>
    public double? Below { get; init; }

    /// <summary>How far back within the bound a sample must be before the alarm ends. 0 or more; 0 lets noise at the bound raise it again and again.</summary>
    public double Hysteresis { get; init; }
}
