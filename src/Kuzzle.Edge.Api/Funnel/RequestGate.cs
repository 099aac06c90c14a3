namespace Kuzzle.Edge.Api.Funnel;

/// <summary>How many requests run at a time and how many may wait for their turn.</summary>
internal sealed class RequestGate(ApiLimits limits) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(limits.ConcurrentRequests, limits.ConcurrentRequests);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private int _wasCrowded;
    private volatile bool _isClosed;

    public bool IsClosed => _isClosed;

    /// <summary>How many requests run now, and how many wait.</summary>
    public (int Running, int Waiting) Size
    {
        get
        {
            var running = limits.ConcurrentRequests - _turns.CurrentCount;
            return (running, Math.Max(0, Volatile.Read(ref _inside) - running));
        }
    }

    /// <summary>Whether so many wait now that somebody should know; true once, until fewer wait again.</summary>
    public bool IsNewlyCrowded()
    {
        var isCrowded = Size.Waiting >= limits.RequestsBufferWarningThreshold;
        return Interlocked.Exchange(ref _wasCrowded, isCrowded ? 1 : 0) == 0 && isCrowded;
    }

    /// <summary>False when too many wait already. After true, <see cref="Leave"/> must follow.</summary>
    public bool TryQueue()
    {
        if (Interlocked.Increment(ref _inside) <= limits.ConcurrentRequests + limits.RequestsBufferSize) return true;

        Out();
        return false;
    }

    public Task TurnAsync(CancellationToken cancellationToken) => _turns.WaitAsync(cancellationToken);

    /// <summary>Ends a turn.</summary>
    public void EndTurn() => _turns.Release();

    public void Leave() => Out();

    /// <summary>Lets nobody in any more; completes when all who were in have left.</summary>
    public Task CloseAsync()
    {
        _isClosed = true;
        if (Volatile.Read(ref _inside) == 0) _idle.TrySetResult();
        return _idle.Task;
    }

    public void Dispose() => _turns.Dispose();

    private void Out()
    {
        if (Interlocked.Decrement(ref _inside) == 0 && _isClosed) _idle.TrySetResult();
    }
}
