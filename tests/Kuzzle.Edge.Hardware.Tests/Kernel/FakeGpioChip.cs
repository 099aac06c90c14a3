using System.Runtime.InteropServices;
using Kuzzle.Edge.Hardware.Gpio.Abi;
using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>/dev/gpiochipN.</summary>
internal sealed class FakeGpioChip(string label, params FakeGpioLine[] lines) : IFakeNode
{
    public FakeGpioLine this[int offset] => lines[offset];

    public int Control(FakeKernel kernel, uint request, Span<byte> argument) => request switch
    {
        GpioControl.GetChipInfo => Tell(ref MemoryMarshal.AsRef<ChipInfo>(argument)),
        GpioControl.GetLineInfo => Tell(ref MemoryMarshal.AsRef<LineInfo>(argument)),
        GpioControl.GetLine => Give(kernel, ref MemoryMarshal.AsRef<LineRequest>(argument)),
        _ => -Errno.NotTerminal,
    };

    private int Tell(ref ChipInfo info)
    {
        info.Label = NameBytes.Of(label);
        info.Lines = (uint)lines.Length;
        return 0;
    }

    private int Tell(ref LineInfo info)
    {
        if (info.Offset >= lines.Length) return -Errno.Invalid;

        var line = lines[info.Offset];
        info.Name = NameBytes.Of(line.Name);
        info.Consumer = NameBytes.Of(line.Consumer ?? "");
        info.Flags = line.Config.Flags | (line.IsTaken ? LineFlags.Used : LineFlags.None);
        return 0;
    }

    private int Give(FakeKernel kernel, ref LineRequest request)
    {
        if (request.LineCount != 1 || request.Offsets[0] >= lines.Length) return -Errno.Invalid;

        var line = lines[request.Offsets[0]];
        if (line.IsTaken) return -Errno.Busy;
        if (line.Refusal != 0) return line.Refusal;

        line.IsTaken = true;
        line.Consumer = request.Consumer.Text;
        line.EventBufferSize = request.EventBufferSize;
        line.Configure(request.Config);
        request.Descriptor = kernel.Add(line);
        return 0;
    }
}
