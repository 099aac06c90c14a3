using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>Whatever a sensor reads: one value or several, by one way to the hardware. Asked by one thread at a time.</summary>
internal interface IProbe : IDisposable
{
    /// <summary>What it reads, for people.</summary>
    string Description { get; }

    /// <summary>What it gives, in the order of the measurements.</summary>
    IReadOnlyList<ProbeChannel> Channels { get; }

    /// <summary>Asks the hardware; blocks. One measurement for each channel.</summary>
    Measurement[] Measure(DateTimeOffset at);
}
