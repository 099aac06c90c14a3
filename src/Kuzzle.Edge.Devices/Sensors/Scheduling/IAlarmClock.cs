namespace Kuzzle.Edge.Devices.Sensors.Scheduling;

/// <summary>Wakes somebody at a time that can be changed.</summary>
internal interface IAlarmClock : IDisposable
{
    /// <summary>It rings once, after that time or a little later, instead of when it was set for before.</summary>
    /// <param name="delay">Zero rings at once.</param>
    void SetFor(TimeSpan delay);
}
