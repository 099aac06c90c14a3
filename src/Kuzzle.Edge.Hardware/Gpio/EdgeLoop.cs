using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>
/// Waits for the edges of all inputs on one thread, with poll(2). One for all, not one each: edges are stamped by the kernel, so their times do not suffer when they are
/// fetched one after the other, a wired panel with sixty buttons needs no sixty stacks, and no thread of the pool ever blocks. The thread exists only while there are inputs
/// with edges. What is watched belongs to that thread; others hand it changes through a queue.
/// </summary>
internal sealed class EdgeLoop(IKernel kernel) : IDisposable
{
    /// <summary>How long a line waits, when it is given back, for the loop to let go of it: the loop only ever does short work.</summary>
    private static readonly TimeSpan LetGo = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<EdgeLoopChange> _changes = new();
    private Thread? _thread;
    private int _wakeup = -1;
    private bool _isDisposed;

    /// <summary>Begins to take the edges of an input. Null when it was done.</summary>
    public HardwareFault? Add(KernelInput input)
    {
        lock (_gate)
        {
            if (_isDisposed) return new HardwareFault(HardwareFaultKind.Closed, "The GPIO lines have been closed.");
            if (_thread is null && Start() is { } fault) return fault;

            _changes.Enqueue(new EdgeLoopChange(input, IsAdded: true, Done: null));
            Wake();
            return null;
        }
    }

    /// <summary>Returns when the loop does not look at the input any more.</summary>
    public void Remove(KernelInput input)
    {
        var done = new ManualResetEventSlim(); // Not disposed of: the loop may set it after we have given up waiting.
        lock (_gate)
        {
            if (_isDisposed || _thread is null) return;
            _changes.Enqueue(new EdgeLoopChange(input, IsAdded: false, done));
            Wake();
        }

        done.Wait(LetGo);
    }

    public void Dispose()
    {
        Thread? thread;
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            thread = _thread;
            if (thread is null) return;

            Wake();
        }

        // Nobody wakes it any more, so its descriptor may go.
        thread.Join(LetGo);
        kernel.Close(_wakeup);
    }

    private HardwareFault? Start()
    {
        _wakeup = kernel.CreateWakeup();
        if (_wakeup < 0) return Errno.Fault(_wakeup, "No eventfd can be made to wait for edges");

        _thread = new Thread(Run) { IsBackground = true, Name = "gpio-edges" };
        _thread.Start();
        return null;
    }

    /// <summary>Called with the gate held, so that the descriptor is still ours.</summary>
    private void Wake()
    {
        var one = 1UL;
        kernel.Write(_wakeup, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in one)));
    }

    private void Run()
    {
        var inputs = new List<KernelInput>();
        var entries = new PollEntry[1];
        Span<byte> counter = stackalloc byte[sizeof(ulong)];
        while (true)
        {
            ApplyChanges(inputs);
            if (Volatile.Read(ref _isDisposed)) break;

            Array.Resize(ref entries, inputs.Count + 1);
            for (var i = 0; i < inputs.Count; i++) entries[i] = new PollEntry { Descriptor = inputs[i].Descriptor, Wanted = PollEntry.Readable };
            entries[^1] = new PollEntry { Descriptor = _wakeup, Wanted = PollEntry.Readable };
            if (kernel.Poll(entries, milliseconds: -1) < 0)
            {
                kernel.Pause(Breath); // Out of memory, or of descriptors: it may pass, and must not be asked in a tight loop.
                continue;
            }

            if (entries[^1].Happened != 0) kernel.Read(_wakeup, counter);
            for (var i = inputs.Count - 1; i >= 0; i--) Serve(inputs, i, entries[i].Happened);
        }

        ApplyChanges(inputs); // Somebody may wait for us to let go.
    }

    private static void Serve(List<KernelInput> inputs, int index, short happened)
    {
        var input = inputs[index];
        if ((happened & PollEntry.Readable) != 0) input.TakeEdges();
        if ((happened & (PollEntry.Error | PollEntry.HungUp | PollEntry.Invalid)) == 0) return;

        input.Fail($"The chip of {input.Line} has gone away.");
        inputs.RemoveAt(index); // Polled again it would say so for ever.
    }

    private void ApplyChanges(List<KernelInput> inputs)
    {
        while (_changes.TryDequeue(out var change))
        {
            if (change.IsAdded) inputs.Add(change.Input);
            else inputs.Remove(change.Input);
            change.Done?.Set();
        }
    }
}
