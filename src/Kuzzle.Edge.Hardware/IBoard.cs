using Kuzzle.Edge.Hardware.Binding;
using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.I2c;
using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.I2c.Registers;
using Kuzzle.Edge.Hardware.Iio;
using Kuzzle.Edge.Hardware.Pwm;
using Kuzzle.Edge.Hardware.Scanning;

namespace Kuzzle.Edge.Hardware;

/// <summary>The hardware of this box. One for the process: what is shared (a bus and its lock, a chip with several channels) is shared by being opened here.</summary>
public interface IBoard : IDisposable
{
    /// <summary>General-purpose lines of the kernel's chips.</summary>
    IGpio Gpio { get; }

    /// <summary>I2C buses.</summary>
    II2c I2c { get; }

    /// <summary>PWM outputs.</summary>
    IPwm Pwm { get; }

    /// <summary>Tells the kernel which chips there are.</summary>
    IChipBinder Binder { get; }

    /// <summary>Looks what there is.</summary>
    IBoardScanner Scanner { get; }

    /// <summary>A chip of <see cref="ReadyChips"/> that this program drives itself. All callers with the same bus and address share one; nothing is sent before the first measurement.</summary>
    /// <returns>A fault when the chip is not known; the message lists those that are.</returns>
    Outcome<IChip> OpenChip(string name, int bus, int address, ChipSettings settings);

    /// <summary>A chip of which a map says how it is read; nothing is sent before the first measurement. While one map of an address is measured the others wait.</summary>
    /// <returns>A fault when the map has faults, or the bus does not exist.</returns>
    Outcome<IChip> OpenChip(RegisterMap map, int bus, int address);

    /// <summary>The lines of an MCP23017 expander. They are read by asking: edges are not reported.</summary>
    Outcome<IGpio> OpenExpander(int bus, int address);

    /// <summary>Starts a buffered capture of a device of Industrial I/O. It runs until it is disposed of.</summary>
    Outcome<IIioCapture> OpenCapture(IioCaptureRequest request);
}
