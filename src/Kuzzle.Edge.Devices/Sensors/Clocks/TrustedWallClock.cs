using Kuzzle.Edge.Hardware.Clocks;

namespace Kuzzle.Edge.Devices.Sensors.Clocks;

/// <summary>The clock of a machine that is said to be right: one with a battery, or without any network that would tell it the time.</summary>
public sealed class TrustedWallClock : IWallClock
{
    /// <inheritdoc/>
    public bool IsSynchronised => true;

    /// <inheritdoc/>
    public string BootId { get; } = KernelClock.ReadBootId();
}
