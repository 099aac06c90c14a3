using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Gpio.Abi;

/// <summary>struct gpio_v2_line_request.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LineRequest
{
    public LineOffsets Offsets;
    public NameBytes Consumer;
    public LineConfig Config;
    public uint LineCount;
    public uint EventBufferSize;
    public Padding5 Padding;
    public int Descriptor;
}
