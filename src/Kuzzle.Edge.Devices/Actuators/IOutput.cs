using Kuzzle.Edge.Devices.Sensors.Probes;

namespace Kuzzle.Edge.Devices.Actuators;

/// <summary>Something that can be set, and whose state can be read. Disposing it sets its safe state. Safe from several threads; its calls block.</summary>
internal interface IOutput : IProbe
{
    /// <summary>The greatest value; 0 is the least. 1 for what is only on and off.</summary>
    double Greatest { get; }

    /// <summary>Whether values between the least and the greatest mean something.</summary>
    bool IsContinuous { get; }

    /// <summary>Sets it.</summary>
    /// <returns>Null when it was done, else why not.</returns>
    string? Write(double value);
}
