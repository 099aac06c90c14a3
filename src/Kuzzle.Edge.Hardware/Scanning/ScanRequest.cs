namespace Kuzzle.Edge.Hardware.Scanning;

/// <summary>What is looked at.</summary>
public sealed record ScanRequest
{
    /// <summary>The I2C buses that are probed; null for all. An empty list probes none.</summary>
    public IReadOnlyList<int>? I2cBuses { get; init; }
}
