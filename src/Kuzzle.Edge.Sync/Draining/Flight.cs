namespace Kuzzle.Edge.Sync.Draining;

/// <summary>
/// Requests that are under way: while the upstream stores one, the next is written, and what was acknowledged leaves the outbox. They are of different documents, so their order does not
/// matter. Belongs to one loop.
/// </summary>
internal sealed class Flight
{
    /// <summary>One that is stored and one that is written keep both sides busy; more would only lie in buffers, before an alarm that comes.</summary>
    private const int Max = 2;

    private readonly Queue<Task<DrainResult>> _underWay = new();

    /// <summary>Whether anything was sent.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>What has come to its end.</summary>
    public DrainResult Result { get; private set; }

    /// <summary>Waits until another one may begin.</summary>
    public async Task MakeRoomAsync()
    {
        while (_underWay.Count >= Max) await NextAsync();
    }

    /// <summary>One has begun.</summary>
    public void Add(Task<DrainResult> request)
    {
        HasBegun = true;
        _underWay.Enqueue(request);
    }

    /// <summary>Something came to its end without a request.</summary>
    public void Add(DrainResult result)
    {
        HasBegun |= !result.IsNothing;
        Result += result;
    }

    /// <summary>Waits for all; the first failure is thrown.</summary>
    public async Task<DrainResult> EndAsync()
    {
        while (_underWay.Count > 0) await NextAsync();
        return Result;
    }

    /// <summary>Waits for all, however they end: something has failed already.</summary>
    public async Task AbandonAsync()
    {
        await Task.WhenAll(_underWay.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var request in _underWay)
        {
            if (request.IsCompletedSuccessfully) Result += await request;
        }

        _underWay.Clear();
    }

    private async Task NextAsync() => Result += await _underWay.Dequeue();
}
