using Kuzzle.Edge.Hardware.Clocks;

namespace Kuzzle.Edge.Devices.Sensors.Clocks;

/// <summary>The clock of this machine. Once synchronised counts as synchronised: when the network goes later, the clock drifts but does not jump.</summary>
/// <param name="flag">The file that systemd-timesyncd makes when it has set the clock.</param>
public sealed class KernelWallClock(string flag = "/run/systemd/timesync/synchronized") : IWallClock
{
    private bool _wasSynchronised;

    /// <inheritdoc/>
    public bool IsSynchronised
    {
        get
        {
            if (!Volatile.Read(ref _wasSynchronised) && (KernelClock.IsSynchronised || File.Exists(flag))) Volatile.Write(ref _wasSynchronised, true);
            return Volatile.Read(ref _wasSynchronised);
        }
    }

    /// <inheritdoc/>
    public string BootId { get; } = KernelClock.ReadBootId();
}
