namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>How a sensor is, at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">What it reads.</param>
/// <param name="Status">How it is, in one word.</param>
public sealed record SensorState(string Name, string Source, SensorStatus Status)
{
    /// <summary>What it measures.</summary>
    public IReadOnlyList<ChannelState> Channels { get; init; } = [];

    /// <summary>Why there is no newer value, or why it could not be published; null when all is well.</summary>
    public string? Fault { get; init; }

    /// <summary>Since when there is a fault.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When it is tried again; null when all is well, or when that depends on the hardware.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>How many times it was measured since the start.</summary>
    public long Measured { get; init; }

    /// <summary>How many attempts failed since the start.</summary>
    public long Failed { get; init; }

    /// <summary>How many of them did not end in time.</summary>
    public long Hung { get; init; }

    /// <summary>How many readings were published since the start.</summary>
    public long Published { get; init; }

    /// <summary>How many readings wait to be stored.</summary>
    public int Waiting { get; init; }

    /// <summary>How many readings were given up because too many waited.</summary>
    public long Dropped { get; init; }
}
