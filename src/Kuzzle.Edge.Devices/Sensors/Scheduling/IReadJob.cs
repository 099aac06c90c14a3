namespace Kuzzle.Edge.Devices.Sensors.Scheduling;

/// <summary>Work that may block a thread for as long as a chip likes.</summary>
internal interface IReadJob
{
    /// <summary>Does it. Must not throw: there is nobody to catch it but the thread's end.</summary>
    void Run();
}
