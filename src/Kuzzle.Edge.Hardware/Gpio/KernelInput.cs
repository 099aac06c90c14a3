using System.Runtime.InteropServices;
using System.Threading.Channels;
using Kuzzle.Edge.Hardware.Gpio.Abi;
using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>An input of a GPIO character device. Its edges are taken by the loop's thread; everything else by whoever asks.</summary>
internal sealed class KernelInput : IGpioInput
{
    private const int EventsPerRead = 32;

    private readonly IKernel _kernel;
    private readonly EdgeLoop _loop;
    private readonly KernelLine _line;
    private readonly GpioEventClock _clock;
    private readonly Channel<GpioEdge> _edges;
    private readonly Lock _gate = new();
    private EdgeCount _count;
    private uint _lastSequence;
    private bool _isWatched;
    private bool _isDisposed;

    public KernelInput(IKernel kernel, EdgeLoop loop, int descriptor, GpioLineInfo line, GpioInputRequest request)
    {
        _kernel = kernel;
        _loop = loop;
        _line = new KernelLine(kernel, descriptor, line);
        _clock = request.Clock;
        Line = line;
        _edges = Channel.CreateBounded<GpioEdge>(
            new BoundedChannelOptions(request.EdgeQueue) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true },
            _ => CountUnread());
    }

    public GpioLineInfo Line { get; }

    public ChannelReader<GpioEdge> Edges => _edges.Reader;

    public EdgeCount Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    public int Descriptor => _line.Descriptor;

    public Outcome<bool> Read() => _line.Read();

    public HardwareFault? Reconfigure(GpioInputRequest request)
    {
        if (KernelGpio.FaultOf(request) is { } wrong) return wrong;
        if (_line.Configure(LineConfig.Of(request with { Clock = _clock })) is { } fault) return fault;

        return request.Edges == GpioEdges.None ? null : Watch();
    }

    /// <summary>From now on edges are taken. Null when it was done.</summary>
    public HardwareFault? Watch()
    {
        lock (_gate)
        {
            if (_isWatched || _isDisposed) return null;
            _isWatched = true;
        }

        return _loop.Add(this);
    }

    /// <summary>Takes the edges that the kernel has; called by the loop when there are some.</summary>
    public void TakeEdges()
    {
        Span<byte> buffer = stackalloc byte[EventsPerRead * LineEvent.Size];
        var length = _kernel.Read(Descriptor, buffer);
        if (length < 0)
        {
            if (length != -Errno.Again) Fail($"The edges of {Line} cannot be read: {Errno.Describe(length)}.");
            return;
        }

        foreach (var taken in MemoryMarshal.Cast<byte, LineEvent>(buffer[..(length - (length % LineEvent.Size))])) Take(taken);
    }

    /// <summary>No more edges will come; called by the loop when the chip went away.</summary>
    public void Fail(string reason) => _edges.Writer.TryComplete(new IOException(reason));

    public void Dispose()
    {
        bool wasWatched;
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            wasWatched = _isWatched;
        }

        if (wasWatched) _loop.Remove(this); // Before the descriptor is closed: its number may be another's at once.
        _line.Close();
        _edges.Writer.TryComplete();
    }

    private void Take(LineEvent taken)
    {
        long sequence;
        lock (_gate)
        {
            // The kernel counts every edge of the line, also those it had no room for.
            var step = (int)(taken.LineSequence - _lastSequence);
            if (step <= 0) step = 1; // It counts anew after some changes of configuration.
            _lastSequence = taken.LineSequence;
            _count = _count with
            {
                Total = _count.Total + step,
                Missed = _count.Missed + step - 1,
                LastTimestampNanoseconds = (long)taken.TimestampNanoseconds,
            };
            sequence = _count.Total;
        }

        var kind = taken.Id == LineEvent.RisingEdge ? GpioEdges.Rising : GpioEdges.Falling;
        _edges.Writer.TryWrite(new GpioEdge(kind, (long)taken.TimestampNanoseconds, _clock, sequence));
    }

    private void CountUnread()
    {
        lock (_gate) _count = _count with { Unread = _count.Unread + 1 };
    }
}
