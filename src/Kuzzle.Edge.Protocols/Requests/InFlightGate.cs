namespace Kuzzle.Edge.Protocols.Requests;

/// <summary>
/// Bounds the requests of one connection that were read and not yet answered, in number and in bytes, and knows when the last of them is done.
/// A request larger than the byte bound still passes when it is alone. Safe from any thread.
/// </summary>
internal sealed class InFlightGate(int maxRequests, long maxBytes)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _changed;
    private int _requests;
    private long _bytes;

    /// <summary>Takes a place, or answers false when there is none. Whoever got a place calls <see cref="Leave"/> once.</summary>
    public bool TryEnter(int bytes)
    {
        lock (_lock) return TryEnterLocked(bytes);
    }

    /// <summary>Takes a place, waiting for one if need be.</summary>
    public async ValueTask EnterAsync(int bytes)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (TryEnterLocked(bytes)) return;

                changed = NextChange();
            }

            await changed;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(int bytes)
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            _requests--;
            _bytes -= bytes;
            changed = _changed;
            _changed = null;
        }

        changed?.SetResult();
    }

    /// <summary>Waits until nothing is in flight.</summary>
    public async Task WhenEmptyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_requests == 0) return;

                changed = NextChange();
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private bool TryEnterLocked(int bytes)
    {
        if (_requests >= maxRequests) return false;
        if (_requests > 0 && _bytes + bytes > maxBytes) return false;

        _requests++;
        _bytes += bytes;
        return true;
    }

    /// <summary>Completes at the next <see cref="Leave"/>. Asked for under the lock that the condition was looked at under, so no change is missed.</summary>
    private Task NextChange()
    {
        _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _changed.Task;
    }
}
