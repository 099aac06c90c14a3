using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Gpio.Abi;

/// <summary>struct gpiochip_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ChipInfo
{
    public NameBytes Name;
    public NameBytes Label;
    public uint Lines;
}
