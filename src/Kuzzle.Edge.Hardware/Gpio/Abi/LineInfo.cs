using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Gpio.Abi;

/// <summary>struct gpio_v2_line_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LineInfo
{
    public NameBytes Name;
    public NameBytes Consumer;
    public uint Offset;
    public uint AttributeCount;
    public LineFlags Flags;
    public LineAttributes Attributes;
    public ulong Padding0;
    public ulong Padding1;

    public readonly GpioLineInfo ToInfo(string chip) => new(
        chip,
        (int)Offset,
        Name.Text,
        Consumer.Text,
        Flags.HasFlag(LineFlags.Used),
        Flags.HasFlag(LineFlags.Output),
        Flags.HasFlag(LineFlags.ActiveLow),
        Flags.HasFlag(LineFlags.BiasPullUp) ? GpioBias.PullUp
            : Flags.HasFlag(LineFlags.BiasPullDown) ? GpioBias.PullDown
            : Flags.HasFlag(LineFlags.BiasDisabled) ? GpioBias.Disabled
            : GpioBias.AsIs);
}
