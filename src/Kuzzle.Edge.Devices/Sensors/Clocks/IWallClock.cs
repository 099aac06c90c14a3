namespace Kuzzle.Edge.Devices.Sensors.Clocks;

/// <summary>What this machine knows about its time of day. Safe from any thread; answers at once.</summary>
public interface IWallClock
{
    /// <summary>Whether the time of day was set from a source that knows it.</summary>
    bool IsSynchronised { get; }

    /// <summary>Which start of the machine this is.</summary>
    string BootId { get; }
}
