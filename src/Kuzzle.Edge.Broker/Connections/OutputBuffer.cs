using System.Buffers;
using System.IO.Pipelines;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>
/// What goes out to one client. Any thread appends whole packets; one at a time flushes. While the transport is busy, packets gather here up to a bound that
/// <see cref="HasRoom"/> tells, so that a reader who is slow costs that much memory and nobody's time.
/// </summary>
/// <param name="transport">Where the bytes go. Used by one thread at a time, under the lock or by the one that flushes.</param>
/// <param name="budget">How many bytes may wait.</param>
/// <param name="source">Asked for more when there is room again after <see cref="HasRoom"/> has said no.</param>
internal sealed class OutputBuffer(PipeWriter transport, OutputBudget budget, IOutputSource source)
{
    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte>? _waiting;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _rest;
    private Task _flush = Task.CompletedTask;
    private int _unflushed;
    private int _counted; // What the budget knows of.
    private bool _isPromised; // Somebody who appended will flush.
    private bool _isFlushing;
    private bool _isRefilling;
    private bool _isStarved;
    private bool _isHeld;
    private bool _hasEnded;

    /// <summary>
    /// Whether more may be appended by those who have the choice. After a no, the source is asked once there is room.
    /// </summary>
    public bool HasRoom()
    {
        lock (_gate)
        {
            if (_hasEnded) return false;
            if (Volume < budget.Bound) return true;

            _isStarved = true;
            return false;
        }
    }

    /// <summary>Appends one packet, whatever is waiting.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <param name="payload">Its other bytes.</param>
    /// <param name="isFirst">Whether the caller has to see to the flush.</param>
    /// <returns>How many bytes the caller would flush.</returns>
    public int Append(ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload, out bool isFirst)
    {
        lock (_gate) return Write(head, payload, out isFirst);
    }

    /// <summary>As <see cref="Append"/>, but only if there is room for a QoS 0 message.</summary>
    public bool TryAppend(ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload, out bool isFirst, out int unflushed)
    {
        lock (_gate)
        {
            if (Volume is var volume && (volume >= budget.Bound || (volume >= OutputBudget.Always && volume >= budget.BoundAtMostOnce)))
            {
                _isStarved = true;
                (isFirst, unflushed) = (false, 0);
                return false;
            }

            unflushed = Write(head, payload, out isFirst);
            return true;
        }
    }

    /// <summary>Starts to send what was appended. Does not wait; call it where no lock is held.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            _isPromised = false;
            if (_isFlushing || _isRefilling || _isHeld || _hasEnded || _unflushed == 0) return;

            _isFlushing = true;
        }

        var flush = FlushAllAsync();
        if (!flush.IsCompletedSuccessfully) _flush = flush.AsTask();
    }

    /// <summary>Keeps what is appended until <see cref="Release"/>: there will soon be more, and each flush is a system call.</summary>
    public void Hold()
    {
        lock (_gate) _isHeld = true;
    }

    /// <summary>Sends what was kept.</summary>
    public void Release()
    {
        lock (_gate) _isHeld = false;
        Flush();
    }

    /// <summary>Waits until no more than the bound is waiting, or the output has ended.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (_hasEnded || Volume < budget.Bound) return Task.CompletedTask;

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Waits until everything that was appended has been handed to the transport, or the output has ended.</summary>
    public Task WhenFlushedAsync()
    {
        Release();
        lock (_gate)
        {
            if (!_isFlushing && !_isRefilling) return Task.CompletedTask;

            _rest ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _rest.Task;
        }
    }

    /// <summary>Ends the output and, once nobody uses it any more, the transport.</summary>
    public async ValueTask CompleteAsync()
    {
        Abort();
        await WhenFlushedAsync().ConfigureAwait(false);
        await _flush.ConfigureAwait(false);
        await transport.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Lets go of those who wait for room: there is something else to do.</summary>
    public void Wake()
    {
        lock (_gate) FreeRoom();
    }

    /// <summary>Ends the output at once: what waits is dropped.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            if (_hasEnded) return;

            End();
        }

        transport.CancelPendingFlush();
    }

    private int Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload, out bool isFirst)
    {
        isFirst = false;
        if (_hasEnded) return 0;

        IBufferWriter<byte> target = _isFlushing ? _waiting ??= new ArrayBufferWriter<byte>(1024) : transport;
        target.Write(head);
        if (!payload.IsEmpty) target.Write(payload);
        if (_isFlushing)
        {
            Count();
            return 0; // The one that flushes looks again before it ends.
        }

        _unflushed += head.Length + payload.Length;
        isFirst = !_isPromised;
        _isPromised = true;
        return _unflushed;
    }

    /// <summary>Tells the budget what is held. Only what waits is looked at, and by the size of its memory: a client that reads is never counted.</summary>
    private void Count()
    {
        var held = _waiting is { WrittenCount: >= OutputBudget.Always } waiting ? waiting.Capacity : 0;
        if (_isFlushing && _unflushed >= OutputBudget.Always) held += _unflushed;
        if (held == _counted) return;

        budget.Changed(held - _counted);
        _counted = held;
    }

    private int Volume => _unflushed + (_waiting?.WrittenCount ?? 0);

    private async ValueTask FlushAllAsync()
    {
        while (true)
        {
            bool isOver;
            try
            {
                var result = await transport.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                isOver = result.IsCompleted || result.IsCanceled;
            }
            catch (Exception failure) when (failure is IOException or InvalidOperationException or OperationCanceledException)
            {
                isOver = true; // The transport has broken; the connection's own reading sees the end of it too.
            }

            if (isOver)
            {
                lock (_gate)
                {
                    End();
                    Rest();
                }

                return;
            }

            if (!ContinueFlushing()) return;
        }
    }

    /// <summary>After a flush: takes what has gathered meanwhile, or asks for more.</summary>
    private bool ContinueFlushing()
    {
        lock (_gate)
        {
            _unflushed = 0;
            if (TakeWaiting()) return true;

            Count();

            if (!_isStarved)
            {
                Rest();
                return false;
            }

            // A refill appends straight to the transport; its own flush is this loop, or a long queue would become deep recursion.
            _isStarved = false;
            _isFlushing = false;
            _isRefilling = true;
            FreeRoom();
        }

        source.Refill();
        lock (_gate)
        {
            _isRefilling = false;
            if (_hasEnded || _unflushed == 0)
            {
                Rest();
                return false;
            }

            return _isFlushing = true;
        }
    }

    private bool TakeWaiting()
    {
        if (_hasEnded || _waiting is not { WrittenCount: > 0 } waiting) return false;

        transport.Write(waiting.WrittenSpan);
        _unflushed = waiting.WrittenCount;
        if (waiting.Capacity > 64 * 1024) _waiting = null; // A rare jam must not cost its memory for ever.
        else waiting.ResetWrittenCount();
        if (Volume < budget.Bound) FreeRoom();
        Count();
        return true;
    }

    private void End()
    {
        _hasEnded = true;
        _waiting = null;
        _unflushed = 0;
        Count();
        FreeRoom();
    }

    private void Rest()
    {
        _isFlushing = false;
        FreeRoom();
        _rest?.TrySetResult();
        _rest = null;
    }

    private void FreeRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
