using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Gpio.Abi;

/// <summary>struct gpio_v2_line_event.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LineEvent
{
    public const int Size = 48;
    public const uint RisingEdge = 1;
    public const uint FallingEdge = 2;

    public ulong TimestampNanoseconds;
    public uint Id;
    public uint Offset;
    public uint Sequence;
    public uint LineSequence;
    public ulong Padding0;
    public ulong Padding1;
    public ulong Padding2;
}
