using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Gpio.Abi;

/// <summary>struct gpio_v2_line_values.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LineValues
{
    public ulong Bits;
    public ulong Mask;
}
