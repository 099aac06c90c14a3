namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>One of the values that a chip gives.</summary>
public sealed record ChannelOptions
{
    /// <summary>The input of the chip; null is its usual one.</summary>
    public string? Channel { get; init; }

    /// <summary>A value is published when it is at least this far from the one published last. 0 publishes every reading.</summary>
    public double DeadBand { get; init; }

    /// <summary>What lies below is not to be believed; null for no such bound.</summary>
    public double? ValidMin { get; init; }

    /// <summary>What lies above is not to be believed; null for no such bound.</summary>
    public double? ValidMax { get; init; }

    /// <summary>The bounds whose crossing is told.</summary>
    public IReadOnlyList<AlarmOptions> Alarms { get; init; } = [];
}
