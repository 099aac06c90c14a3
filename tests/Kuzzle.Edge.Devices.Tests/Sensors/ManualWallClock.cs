using Kuzzle.Edge.Devices.Sensors.Clocks;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

/// <summary>A wall clock that tests set right by hand.</summary>
internal sealed class ManualWallClock : IWallClock
{
    private volatile bool _isSynchronised = true;

    public bool IsSynchronised
    {
        get => _isSynchronised;
        set => _isSynchronised = value;
    }

    public string BootId => "boot-1";
}
