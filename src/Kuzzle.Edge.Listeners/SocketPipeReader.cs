using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Numerics;
using System.Threading.Tasks.Sources;

namespace Kuzzle.Edge.Listeners;

/// <summary>
/// Reads a socket without a copy between. All buffers are pooled. A connection that is quiet holds none and asks the kernel only whether something has come; one that
/// talks waits with <see cref="WaitingBytes"/>, which saves that question. What does not fit goes into a buffer as large as what has come asks for. What has come
/// always lies in one piece. A connection that was cut ends like one that was closed.
/// </summary>
/// <remarks>
/// One thread reads, any thread cancels. A cancelled read leaves its receive under way; the next read waits for the same one. Who waits and who ends the wait agree
/// through <see cref="_isWaiting"/>: each first writes what it has to say and then exchanges the flag, so that exactly one of them goes on.
/// </remarks>
#pragma warning disable CA1001 // A pipe is not disposed but completed, and that disposes what it owns.
internal sealed class SocketPipeReader : PipeReader, IValueTaskSource<ReadResult>
#pragma warning restore CA1001
{
    // Holds a few telemetry messages; with it, 10,000 connections would hold 5 MB while they wait.
    private const int WaitingBytes = 512;

    // So many waits of less than a second in a row make a talker of a connection. More than a client needs to connect and subscribe.
    private const int TalkativeAfter = 8;
    private const int TalkativeMilliseconds = 1000;

    // After so many reads that found something at once, others have their turn: a sender that never pauses would keep the thread that serves them.
    private const int ReadsInARow = 64;

    // Small enough to stay in the second-level cache of a board between the kernel's copy and the parser.
    private const int BurstBytes = 64 * 1024;

    private readonly Socket _socket;
    private readonly SocketReceive _receive;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _examined;
    private bool _hasEnded;
    private bool _isCompleted;
    private ReadOnlySequence<byte> _lent;
    private ManualResetValueTaskSourceCore<bool> _signal;
    private bool _isReceiving; // Started, and its outcome not taken: the buffer must stay where it is.
    private bool _hasArrived;
    private bool _isCanceled;
    private bool _isWaiting;
    private bool _isAsking; // The receive is of zero bytes: it tells that there is something, or the end.
    private byte _shortWaits;
    private byte _readsInARow;
    private long _waitingSince; // In milliseconds of the system's clock.

    /// <summary>Reads a connected socket.</summary>
    /// <param name="socket">Not blocking; disposed by others, after this is completed.</param>
    public SocketPipeReader(Socket socket)
    {
        _socket = socket;
        _receive = new SocketReceive(this);
    }

    /// <summary>Memory that the connection holds for receiving.</summary>
    internal int HeldBytes => _buffer.Length;

    public override bool TryRead(out ReadResult result)
    {
        if (_isCompleted) throw new InvalidOperationException("Reading was completed before.");

        if (Volatile.Read(ref _hasArrived)) TakeArrived();
        var isCanceled = TakeCancellation();
        var isReady = isCanceled || _examined < _end || _hasEnded;
        result = isReady ? Lend(isCanceled) : default;
        return isReady;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.CanBeCanceled) return ReadUntilCanceledAsync(cancellationToken);
        if (TryRead(out var result) || TryReceiveMore(out result)) return new ValueTask<ReadResult>(result);

        _signal.Reset();
        var waiting = new ValueTask<ReadResult>(this, _signal.Version);
        Interlocked.Exchange(ref _isWaiting, true);

        // From here on the wait may be ended by somebody else; whatever is found here counts only for the one who takes the flag back.
        if (!Volatile.Read(ref _isCanceled) && (_isReceiving ? !Volatile.Read(ref _hasArrived) : MustWaitForReceive()))
        {
            return waiting;
        }

        if (++_readsInARow < ReadsInARow) return Interlocked.Exchange(ref _isWaiting, false) ? new ValueTask<ReadResult>(Outcome()) : waiting;

        _readsInARow = 0;
        ThreadPool.UnsafeQueueUserWorkItem(static reader => reader.EndWait(), this, preferLocal: false);
        return waiting;
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

    public override void CancelPendingRead()
    {
        Volatile.Write(ref _isCanceled, true);
        EndWait();
    }

    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted) return;

        _isCompleted = true;
        if (!_isReceiving) Keep([], 0); // Else the kernel may still write into it: it is left to the garbage collector.
        _receive.Dispose();
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _signal.GetResult(token);
        return Outcome();
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);

    private async ValueTask<ReadResult> ReadUntilCanceledAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var registration = cancellationToken.UnsafeRegister(static reader => ((SocketPipeReader)reader!).CancelPendingRead(), this);
        var result = await ReadAsync(CancellationToken.None);
        if (result.IsCanceled) cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>The receive that had to wait has ended.</summary>
    internal void OnReceived()
    {
        _readsInARow = 0;
        Volatile.Write(ref _hasArrived, true);
        EndWait();
    }

    private void EndWait()
    {
        if (Interlocked.Exchange(ref _isWaiting, false)) _signal.SetResult(true);
    }

    private ReadResult Outcome()
    {
        if (Volatile.Read(ref _hasArrived)) TakeArrived();
        return Lend(TakeCancellation());
    }

    private bool MustWaitForReceive()
    {
        MakeRoom();
        _isAsking = _buffer.Length == 0;
        _receive.SetBuffer(_buffer, _end, _buffer.Length - _end);
        _isReceiving = true;
        try
        {
            if (_socket.ReceiveAsync(_receive)) return true;
        }
        catch (ObjectDisposedException)
        {
            _isReceiving = false;
            _hasEnded = true;
            return false;
        }

        Volatile.Write(ref _hasArrived, true);
        return false;
    }

    private void TakeArrived()
    {
        _hasArrived = false;
        _isReceiving = false;
        if (_receive.SocketError != SocketError.Success)
        {
            _hasEnded = true; // Cut, or closed by our own side: there is no more to read, and nobody to tell.
            return;
        }

        if (_isAsking)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(WaitingBytes);
            ReceiveNow();
        }
        else
        {
            Take(_receive.BytesTransferred);
        }

        if (_end < _buffer.Length || _buffer.Length >= BurstBytes) return;

        // The first receive has filled its buffer: there is more than telemetry.
        Keep(ArrayPool<byte>.Shared.Rent(BurstBytes), _end - _start);
        ReceiveNow();
    }

    /// <summary>In the middle of a burst a packet was cut: its rest is probably there, and room for it, too. Never waits.</summary>
    private bool TryReceiveMore(out ReadResult result)
    {
        var left = _end - _start;
        result = default;
        if (_isReceiving || _buffer.Length < BurstBytes || left <= WaitingBytes / 2 || left > _buffer.Length / 2) return false;

        Keep(_buffer, left);
        ReceiveNow();
        if (_end == left && !_hasEnded) return false;

        result = Lend(isCanceled: false);
        return true;
    }

    private void ReceiveNow()
    {
        try
        {
            var received = _socket.Receive(_buffer.AsSpan(_end), SocketFlags.None, out var error);
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
        if (left == 0 && !IsTalkative())
        {
            Keep([], 0);
            return;
        }

        if (left <= WaitingBytes / 2)
        {
            Keep(_buffer.Length == WaitingBytes ? _buffer : ArrayPool<byte>.Shared.Rent(WaitingBytes), left);
            return;
        }

        // Twice what is there: a packet of any size costs one copy of itself, and nobody gets more memory than he has sent. (Beyond the first 4 KiB.)
        var wanted = left < BurstBytes ? Math.Max(4096, (int)BitOperations.RoundUpToPowerOf2((uint)left * 2)) : checked(left + Math.Max(left / 2, BurstBytes));
        var fits = _buffer.Length - left >= wanted / 4 && _buffer.Length <= wanted * 2L;
        Keep(fits ? _buffer : ArrayPool<byte>.Shared.Rent(wanted), left);
    }

    /// <summary>Whether the connection has read often lately; called once for each wait.</summary>
    private bool IsTalkative()
    {
        var now = Environment.TickCount64;
        if (now - _waitingSince >= TalkativeMilliseconds) _shortWaits = 0;
        else if (_shortWaits < TalkativeAfter) _shortWaits++;

        _waitingSince = now;
        return _shortWaits == TalkativeAfter;
    }

    /// <summary>Goes on with another buffer (or the same), to whose beginning what is left moves. Nothing of it is examined any more than before.</summary>
    private void Keep(byte[] next, int left)
    {
        if (next != _buffer || _start != 0) _buffer.AsSpan(_start, left).CopyTo(next);
        if (next != _buffer && _buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = next;
        _examined = Math.Max(0, _examined - _start);
        _start = 0;
        _end = left;
    }

    private ReadResult Lend(bool isCanceled)
    {
        _lent = new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        return new ReadResult(_lent, isCanceled, _hasEnded);
    }

    private bool TakeCancellation() => Volatile.Read(ref _isCanceled) && Interlocked.Exchange(ref _isCanceled, false);
}
