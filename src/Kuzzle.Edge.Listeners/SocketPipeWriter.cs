using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Kuzzle.Edge.Listeners;

/// <summary>
/// Gathers what is written in pooled buffers and sends it at the flush, mostly in one system call and without waiting; holds nothing afterwards. What cannot be sent
/// because the connection has gone is dropped, and the flush says that it is completed.
/// </summary>
internal sealed class SocketPipeWriter(Socket socket) : PipeWriter
{
    private const int SmallestBuffer = 4096;

    // The flush bounds what one send offers to the kernel anyway; beyond it a buffer would only be copied through the caches twice.
    private const int LargestBuffer = 64 * 1024;

    private List<ArraySegment<byte>>? _full; // Made when one buffer is not enough, or the peer is slow.
    private byte[] _current = [];
    private int _written;
    private int _firstBuffer = SmallestBuffer;
    private long _unflushed;
    private CancellationTokenSource? _sending;
    private bool _isCanceled;
    private bool _hasEnded;
    private bool _isCompleted;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _current.AsMemory(_written);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _current.AsSpan(_written);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _current.Length - _written);
        _written += bytes;
        _unflushed += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (TakeCancellation()) return new ValueTask<FlushResult>(new FlushResult(isCanceled: true, _hasEnded));
        if (_hasEnded || _unflushed == 0)
        {
            ReleaseAll();
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, _hasEnded));
        }

        if (_unflushed < LargestBuffer) _firstBuffer = (int)Math.Max(SmallestBuffer, _unflushed);
        if (!SendAllNow(out var index, out var sent)) return SendRestAsync(index, sent, cancellationToken);

        ReleaseAll();
        return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, _hasEnded));
    }

    public override void CancelPendingFlush()
    {
        Interlocked.Exchange(ref _isCanceled, true);
        Volatile.Read(ref _sending)?.Cancel();
    }

    /// <summary>Sends what can be sent without waiting, and drops the rest; see <see cref="CompleteAsync"/>.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted) return;

        _isCompleted = true;
        if (exception is null && !_hasEnded)
        {
            SendAllNow(out _, out _);
        }

        ReleaseAll();
    }

    /// <summary>Sends what has been written and not flushed.</summary>
    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (exception is null && !_isCompleted) await FlushAsync(CancellationToken.None);
        Complete(exception);
    }

    /// <summary>Ends a flush that waits for the peer, and all later ones.</summary>
    public void End()
    {
        Interlocked.Exchange(ref _hasEnded, true);
        Volatile.Read(ref _sending)?.Cancel();
    }

    /// <summary>False when the peer is slow: then all is sealed, and the rest begins at an index of the list.</summary>
    private bool SendAllNow(out int index, out int sent)
    {
        for (index = 0, sent = 0; _full is not null && index < _full.Count; index++)
        {
            sent = SendNow(_full[index]);
            if (_hasEnded) return true;
            if (sent == _full[index].Count) continue;

            Seal();
            return false;
        }

        sent = SendNow(new ArraySegment<byte>(_current, 0, _written));
        if (_hasEnded || sent == _written) return true;

        Seal();
        return false;
    }

    private int SendNow(ArraySegment<byte> segment)
    {
        var sent = 0;
        while (sent < segment.Count)
        {
            try
            {
                var count = socket.Send(segment.AsSpan(sent), SocketFlags.None, out var error);
                if (error == SocketError.WouldBlock) return sent;

                _hasEnded |= error != SocketError.Success;
                sent += count;
            }
            catch (ObjectDisposedException)
            {
                _hasEnded = true;
            }

            if (_hasEnded) break;
        }

        return sent;
    }

    /// <summary>The kernel's buffer is full: the peer reads slower than we write.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> SendRestAsync(int index, int sent, CancellationToken cancellationToken)
    {
        var sending = BeginSending();
        using var registration = cancellationToken.UnsafeRegister(static sending => ((CancellationTokenSource)sending!).Cancel(), sending);
        var isCanceled = false;
        try
        {
            for (; index < _full!.Count; index++, sent = 0)
                for (var segment = _full[index]; sent < segment.Count;)
                    sent += await socket.SendAsync(segment.AsMemory(sent), SocketFlags.None, sending.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody knows what of a packet has left: nothing can be sent behind it.
            isCanceled = true;
            _hasEnded = true;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            _hasEnded = true;
        }
        finally
        {
            Volatile.Write(ref _sending, null);
            ReleaseAll();
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (isCanceled) TakeCancellation();
        return new FlushResult(isCanceled, _hasEnded);
    }

    /// <summary>
    /// Who ends or cancels writes its flag and then looks for a sending; here it is the other way round, so that one of both sees the other. The source is not
    /// disposed: it holds nothing, and somebody may just be about to cancel it.
    /// </summary>
    private CancellationTokenSource BeginSending()
    {
        var sending = new CancellationTokenSource();
        Interlocked.Exchange(ref _sending, sending);
        if (Volatile.Read(ref _isCanceled) || Volatile.Read(ref _hasEnded)) sending.Cancel();
        return sending;
    }

    private bool TakeCancellation() => Volatile.Read(ref _isCanceled) && Interlocked.Exchange(ref _isCanceled, false);

    private void MakeRoom(int sizeHint)
    {
        if (_isCompleted) throw new InvalidOperationException("Writing was completed before.");
        if (_current.Length - _written >= Math.Max(1, sizeHint)) return;

        // The first buffer is as large as the last flush was; then each is twice the one before.
        var next = Math.Clamp(_current.Length == 0 ? _firstBuffer : _current.Length * 2, SmallestBuffer, LargestBuffer);
        Seal();
        _current = ArrayPool<byte>.Shared.Rent(Math.Max(next, sizeHint));
    }

    private void Seal()
    {
        if (_written > 0) (_full ??= []).Add(new ArraySegment<byte>(_current, 0, _written));
        else if (_current.Length > 0) ArrayPool<byte>.Shared.Return(_current);

        _current = [];
        _written = 0;
    }

    private void ReleaseAll()
    {
        if (_current.Length > 0) ArrayPool<byte>.Shared.Return(_current);
        _current = [];
        _written = 0;
        _unflushed = 0;
        if (_full is null) return;

        foreach (var segment in _full) ArrayPool<byte>.Shared.Return(segment.Array!);
        _full = null;
    }
}
