namespace Kuzzle.Edge.Api.Security.Credentials;

/// <summary>
/// Where passwords are hashed: slow on purpose, so on threads of their own, a few at once, with a bound on those who wait. A tenth of a second of a core for each request
/// of a stranger is work that must not keep others from theirs.
/// </summary>
public sealed class PasswordWork : IDisposable
{
    /// <summary>More than this many logins would wait longer than clients do; and each holds a turn of the funnel, of which there are a hundred.</summary>
    private const int MostWaiting = 64;

    private readonly SemaphoreSlim _slots;
    private readonly int _mostWaiting;
    private int _waiting;

    /// <summary>For logins that hold a turn of the funnel.</summary>
    public PasswordWork()
        : this(MostWaiting)
    {
    }

    /// <summary>With a bound of its own.</summary>
    /// <param name="mostWaiting">How many may wait, those at work included.</param>
    public PasswordWork(int mostWaiting)
        : this(mostWaiting, Math.Max(1, Environment.ProcessorCount / 2))
    {
    }

    /// <summary>With bounds of its own.</summary>
    /// <param name="mostWaiting">How many may wait, those at work included.</param>
    /// <param name="atOnce">How many cores it may take. 1 or more; by default half of them, for others want some.</param>
    public PasswordWork(int mostWaiting, int atOnce)
    {
        _mostWaiting = mostWaiting;
        _slots = new SemaphoreSlim(atOnce);
    }

    /// <summary>Runs the work, or answers false when too many wait.</summary>
    public async Task<(bool IsDone, T? Result)> TryRunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > _mostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return (false, default);
        }

        try
        {
            await _slots.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return (true, await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();
}
