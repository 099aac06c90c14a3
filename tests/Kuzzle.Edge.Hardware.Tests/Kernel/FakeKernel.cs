using System.Buffers.Binary;
using System.Text;
using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Tests.Kernel;

/// <summary>
/// A kernel of which the tests say what there is: device nodes that understand the ioctls of GPIO and I2C, and files of sysfs that do something when they are written. Answers
/// as the kernel does, with negative error numbers.
/// </summary>
internal sealed class FakeKernel : IKernel
{
    private readonly object _gate = new();
    private readonly Dictionary<int, object> _open = [];
    private int _next = 3;

    /// <summary>What can be opened, by path. A number is the error of opening.</summary>
    public Dictionary<string, object> Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>What happens when a file of sysfs is written; without an entry the text goes into the file.</summary>
    public Dictionary<string, Func<string, int>> Reactions { get; } = new(StringComparer.Ordinal);

    /// <summary>What was written to files of sysfs: the path, a space, the text.</summary>
    public List<string> Written { get; } = [];

    public TimeSpan Paused { get; private set; }

    /// <summary>Done at each pause: what the world does meanwhile.</summary>
    public Action WhilePaused { get; set; } = () => { };

    public int OpenCount
    {
        get
        {
            lock (_gate) return _open.Count;
        }
    }

    public int Open(string path)
    {
        lock (_gate)
        {
            if (!Nodes.TryGetValue(path, out var node)) return -Errno.NoEntry;

            return node is int error ? error : Add(node is IFakeNode fake ? fake.Opened() : node);
        }
    }

    public int Add(object opened)
    {
        lock (_gate)
        {
            _open.Add(_next, opened);
            return _next++;
        }
    }

    public int Close(int descriptor)
    {
        lock (_gate)
        {
            if (!_open.Remove(descriptor, out var closed)) return -Errno.BadDescriptor;

            (closed as IFakeNode)?.Closed();
            Monitor.PulseAll(_gate);
            return 0;
        }
    }

    public int Control(int descriptor, uint request, Span<byte> argument)
    {
        lock (_gate) return _open.TryGetValue(descriptor, out var node) ? node is IFakeNode fake ? fake.Control(this, request, argument) : -Errno.NotTerminal : -Errno.BadDescriptor;
    }

    public int ControlNumber(int descriptor, uint request, nint argument)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, argument);
        return Control(descriptor, request, number);
    }

    public int TransferI2c(int descriptor, int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        lock (_gate) return _open.GetValueOrDefault(descriptor) is FakeI2cAdapter adapter ? adapter.Transfer(address, write, read) : -Errno.BadDescriptor;
    }

    public int TransferSmbus(int descriptor, bool isRead, byte command, uint kind, Span<byte> data)
    {
        lock (_gate) return _open.GetValueOrDefault(descriptor) is FakeI2cAdapter adapter ? adapter.Smbus(isRead, command, kind, data) : -Errno.BadDescriptor;
    }

    public int Read(int descriptor, Span<byte> buffer)
    {
        lock (_gate)
        {
            if (_open.GetValueOrDefault(descriptor) is not IFakeStream stream) return -Errno.BadDescriptor;
            return stream.Read(buffer);
        }
    }

    public int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_open.GetValueOrDefault(descriptor) is not FakeWakeup wakeup) return -Errno.BadDescriptor;

            wakeup.Count++;
            Monitor.PulseAll(_gate);
            return bytes.Length;
        }
    }

    public int Poll(Span<PollEntry> entries, int milliseconds)
    {
        lock (_gate)
        {
            while (true)
            {
                var ready = 0;
                foreach (ref var entry in entries)
                {
                    entry.Happened = _open.GetValueOrDefault(entry.Descriptor) is IFakeStream stream ? stream.Happened : PollEntry.Invalid;
                    if (entry.Happened != 0) ready++;
                }

                if (ready > 0 || milliseconds >= 0) return ready; // No test waits by the clock: what is not there yet has not come in time.

                Monitor.Wait(_gate);
            }
        }
    }

    public int CreateWakeup() => Add(new FakeWakeup());

    public int WriteFile(string path, string text)
    {
        Written.Add($"{path} {text}");
        if (Reactions.TryGetValue(path, out var reaction)) return reaction(text);
        if (!File.Exists(path)) return -Errno.NoEntry;

        File.WriteAllText(path, text + "\n");
        return Encoding.ASCII.GetByteCount(text);
    }

    public void Pause(TimeSpan time)
    {
        Paused += time;
        WhilePaused();
    }

    /// <summary>Changes something that somebody may poll.</summary>
    public void Change(Action change)
    {
        lock (_gate)
        {
            change();
            Monitor.PulseAll(_gate);
        }
    }
}
