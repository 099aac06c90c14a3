namespace Kuzzle.Edge.Api.Funnel;

/// <summary>How many requests run at a time and how many may wait for their turn.</summary>
internal sealed class RequestGate(ApiLimits limits) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(limits.ConcurrentRequests, limits.ConcurrentRequests);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private volatile bool _isClosed;

    public bool IsClosed => _isClosed;

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
