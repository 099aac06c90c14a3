using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kuzzle.Edge.Listeners;

/// <summary>
/// Reads a socket without a copy between. While nothing has come, the connection holds <see cref="WaitingBytes"/> and no more; what does not fit goes into a
/// pooled buffer as large as what has come asks for. What has come always lies in one piece. A connection that was cut ends like one that was closed.
/// </summary>
#pragma warning disable CA1001 // The token source has no timer, so disposing it would free nothing, and whoever cancels from another thread could meet it disposed.
internal sealed class SocketPipeReader(Socket socket) : PipeReader
#pragma warning restore CA1001
{
    // Holds a few telemetry messages. Waiting with a buffer saves the system call by which a receive of zero bytes looks first, and 10,000 idle connections pay 5 MB.
    private const int WaitingBytes = 512;

    // Small enough to stay in the second-level cache of a board between the kernel's copy and the parser; larger brought nothing.
    private const int BurstBytes = 64 * 1024;

    private readonly byte[] _waiting = new byte[WaitingBytes];
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _examined;
    private bool _hasEnded;
    private bool _isCompleted;
    private ReadOnlySequence<byte> _lent;
    private CancellationTokenSource _cancellation = new();

    /// <summary>Memory that the connection holds for receiving.</summary>
    internal int HeldBytes => _waiting.Length + (_buffer == _waiting ? 0 : _buffer.Length);

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        if (TakeCancellation())
        {
            result = Lend(isCanceled: true);
            return true;
        }

        var isReady = _examined < _end || _hasEnded;
        result = isReady ? Lend(isCanceled: false) : default;
        return isReady;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<ReadResult>(cancellationToken);

        if (TryRead(out var result) || TryReceiveMore(out result)) return new ValueTask<ReadResult>(result);

        return ReceiveAsync(cancellationToken);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_lent.IsEmpty) return;

        var start = _start;
        _start = start + (int)_lent.Slice(0, consumed).Length;
        _examined = Math.Max(_start, start + (int)_lent.Slice(0, examined).Length);
        _lent = default;
    }

    public override void CancelPendingRead() => Volatile.Read(ref _cancellation).Cancel();

    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted) return;

        _isCompleted = true;
        Keep([], 0);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var linked = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellation.Token) : null;
        MakeRoom();
        var room = _buffer.AsMemory(_end);
        try
        {
            var received = await socket.ReceiveAsync(room, SocketFlags.None, linked?.Token ?? _cancellation.Token);
            Take(received);
            if (received == room.Length && _buffer.Length < BurstBytes) ReceiveRest();
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TakeCancellation();
            return Lend(isCanceled: true);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            _hasEnded = true; // Cut, or closed by our own side: there is no more to read, and nobody to tell.
        }

        return Lend(isCanceled: false);
    }

    /// <summary>In the middle of a burst a packet was cut: its rest is probably there, and room for it, too. Never waits.</summary>
    private bool TryReceiveMore(out ReadResult result)
    {
        var left = _end - _start;
        result = default;
        if (_buffer.Length < BurstBytes || left <= WaitingBytes / 2 || left > _buffer.Length / 2) return false;

        Keep(_buffer, left);
        ReceiveNow();
        if (_end == left && !_hasEnded) return false;

        result = Lend(isCanceled: false);
        return true;
    }

    /// <summary>The first receive has filled its buffer: there is more than telemetry. Never waits.</summary>
    private void ReceiveRest()
    {
        Keep(ArrayPool<byte>.Shared.Rent(BurstBytes), _end - _start);
        ReceiveNow();
    }

    private void ReceiveNow()
    {
        try
        {
            var received = socket.Receive(_buffer.AsSpan(_end), SocketFlags.None, out var error);
            if (error == SocketError.Success) Take(received);
            else if (error != SocketError.WouldBlock) _hasEnded = true;
        }
        catch (ObjectDisposedException)
        {
            _hasEnded = true;
        }
    }

    private void Take(int received)
    {
        if (received == 0) _hasEnded = true;
        _end += received;
    }

    /// <summary>Picks the buffer for the next receive by what has come and is not consumed.</summary>
    private void MakeRoom()
    {
        var left = _end - _start;
        if (left <= WaitingBytes / 2)
        {
            Keep(_waiting, left);
            return;
        }

        // Twice what is there: a packet of any size costs one copy of itself, and nobody gets more memory than he has sent. (Beyond the first 4 KiB.)
        var wanted = left < BurstBytes ? Math.Max(4096, (int)BitOperations.RoundUpToPowerOf2((uint)left * 2)) : checked(left + Math.Max(left / 2, BurstBytes));
        var fits = _buffer.Length - left >= wanted / 4 && _buffer.Length <= wanted * 2L;
        Keep(fits ? _buffer : ArrayPool<byte>.Shared.Rent(wanted), left);
    }

    /// <summary>Goes on with another buffer (or the same), to whose beginning what is left moves.</summary>
    private void Keep(byte[] next, int left)
    {
        if (next != _buffer || _start != 0) _buffer.AsSpan(_start, left).CopyTo(next);
        if (next != _buffer && _buffer != _waiting && _buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = next;
        _start = 0;
        _end = _examined = left;
    }

    private ReadResult Lend(bool isCanceled)
    {
        _lent = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        return new ReadResult(_lent, isCanceled, _hasEnded);
    }

    private bool TakeCancellation()
    {
        if (!_cancellation.IsCancellationRequested) return false;

        Volatile.Write(ref _cancellation, new CancellationTokenSource());
        return true;
    }

    private void ThrowIfCompleted()
    {
        if (_isCompleted) throw new InvalidOperationException("Reading was completed before.");
    }
}
