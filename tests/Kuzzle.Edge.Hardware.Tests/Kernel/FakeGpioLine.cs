using System.Runtime.InteropServices;
using Kuzzle.Edge.Hardware.Gpio.Abi;
using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>A line, and the descriptor of whoever has taken it.</summary>
internal sealed class FakeGpioLine(string name) : IFakeNode, IFakeStream
{
    private readonly Queue<LineEvent> _events = new();
    private uint _sequence;

    public string Name => name;

    public string? Consumer { get; set; }

    public bool IsTaken { get; set; }

    public LineConfig Config { get; private set; }

    public uint EventBufferSize { get; set; }

    /// <summary>Whether it is active, active-low taken into account.</summary>
    public bool IsActive { get; set; }

    /// <summary>All values it was set to, the first included.</summary>
    public List<bool> Driven { get; } = [];

    /// <summary>The error with which it cannot be taken.</summary>
    public int Refusal { get; set; }

    public bool HasGone { get; set; }

    public short Happened => HasGone ? (short)(PollEntry.HungUp | PollEntry.Error) : _events.Count > 0 ? PollEntry.Readable : (short)0;

    public TimeSpan Debounce { get; private set; }

    public void Configure(LineConfig config)
    {
        Config = config;
        Debounce = TimeSpan.Zero;
        for (var i = 0; i < config.AttributeCount; i++)
        {
            var attribute = config.Attributes[i];
            (attribute.Mask & 1).ShouldBe(1UL);
            if (attribute.Attribute.Id == LineAttribute.Debounce) Debounce = TimeSpan.FromMicroseconds((uint)attribute.Attribute.Value);
            if (attribute.Attribute.Id == LineAttribute.OutputValues) Drive((attribute.Attribute.Value & 1) != 0);
        }
    }

    /// <summary>An edge happens. <paramref name="lost"/> edges before it the kernel has no room for.</summary>
    public void Edge(bool isRising, ulong timestamp, uint lost = 0)
    {
        _sequence += 1 + lost;
        IsActive = isRising;
        _events.Enqueue(new LineEvent { Id = isRising ? LineEvent.RisingEdge : LineEvent.FallingEdge, TimestampNanoseconds = timestamp, Sequence = _sequence, LineSequence = _sequence });
    }

    public void Closed() => IsTaken = false;

    public int Control(FakeKernel kernel, uint request, Span<byte> argument)
    {
        if (HasGone) return -Errno.NoDevice;

        switch (request)
        {
            case GpioControl.GetValues:
                MemoryMarshal.AsRef<LineValues>(argument).Bits = IsActive ? 1UL : 0;
                return 0;
            case GpioControl.SetValues:
                if (!Config.Flags.HasFlag(LineFlags.Output)) return -Errno.NotPermitted;
                Drive((MemoryMarshal.AsRef<LineValues>(argument).Bits & 1) != 0);
                return 0;
            case GpioControl.SetConfig:
                Configure(MemoryMarshal.AsRef<LineConfig>(argument));
                return 0;
            default:
                return -Errno.NotTerminal;
        }
    }

    public int Read(Span<byte> buffer)
    {
        var length = 0;
        while (_events.Count > 0 && length + LineEvent.Size <= buffer.Length)
        {
            var next = _events.Dequeue();
            MemoryMarshal.Write(buffer[length..], in next);
            length += LineEvent.Size;
        }

        return length == 0 ? -Errno.Again : length;
    }

    private void Drive(bool active)
    {
        IsActive = active;
        Driven.Add(active);
    }
}
