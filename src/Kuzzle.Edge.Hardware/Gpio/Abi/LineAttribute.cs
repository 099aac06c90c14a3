using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Gpio.Abi;

/// <summary>struct gpio_v2_line_attribute. Its union holds flags, values, or in the lower half a debounce period in µs: little-endian, as every processor this runs on.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LineAttribute
{
    public const uint OutputValues = 2;
    public const uint Debounce = 3;

    public uint Id;
    public uint Padding;
    public ulong Value;
}
