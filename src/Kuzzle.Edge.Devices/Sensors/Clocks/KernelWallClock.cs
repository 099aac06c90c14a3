using Kuzzle.Edge.Api;
using Kuzzle.Edge.Hardware.Clocks;

namespace Kuzzle.Edge.Devices.Sensors.Clocks;

/// <summary>The clock of this machine. Once synchronised counts as synchronised: when the network goes later, the clock drifts but does not jump.</summary>
public sealed class KernelWallClock : IWallClock
{
    private readonly TimeProvider _clock;
    private readonly string _flag;
    private readonly Func<bool?> _askKernel;
    private bool _wasSynchronised;

    /// <param name="clock">What time it is.</param>
    public KernelWallClock(TimeProvider clock)
        : this(clock, "/run/systemd/timesync/synchronized", static () => KernelClock.IsSynchronised)
    {
    }

    /// <param name="clock">What time it is.</param>
    /// <param name="flag">The file that systemd-timesyncd makes when it has set the clock, in a folder that is its own.</param>
    /// <param name="askKernel">Whether the clock is synchronised, or null when the kernel may not be asked.</param>
    internal KernelWallClock(TimeProvider clock, string flag, Func<bool?> askKernel)
    {
        _clock = clock;
        _flag = flag;
        _askKernel = askKernel;
    }

    /// <inheritdoc/>
    public bool IsSynchronised
    {
        get
        {
            if (!Volatile.Read(ref _wasSynchronised) && IsSynchronisedNow()) Volatile.Write(ref _wasSynchronised, true);
            return Volatile.Read(ref _wasSynchronised);
        }
    }

    /// <inheritdoc/>
    public string BootId { get; } = KernelClock.ReadBootId();

    private bool IsSynchronisedNow()
    {
        var answer = _askKernel();
        if (answer == true || File.Exists(_flag)) return true;

        // Nobody ever will say: then a time that can be right counts as right, or no reading would ever lose its mark.
        return answer is null && !Directory.Exists(Path.GetDirectoryName(_flag)) && _clock.GetUtcNow() >= PlausibleTime.Earliest;
    }
}
