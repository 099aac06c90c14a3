namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>A line that is driven. Safe to use from several threads. Disposing sets the safe value and gives the line back.</summary>
public interface IGpioOutput : IDisposable
{
    /// <summary>Which line it is.</summary>
    GpioLineInfo Line { get; }

    /// <summary>True when the line is active now, as read back from the chip.</summary>
    Outcome<bool> Read();

    /// <summary>Makes the line active or inactive.</summary>
    /// <returns>Null when it was done.</returns>
    HardwareFault? Write(bool active);
}
