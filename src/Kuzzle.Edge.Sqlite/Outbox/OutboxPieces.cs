using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Writing;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>
/// What concerns whole collections in the outbox, in the background: piece after piece through the writer's queue, so that each waits its turn among the writes of others. Entering
/// a collection goes on where it was after the next start; what fails, after a while.
/// </summary>
internal sealed partial class OutboxPieces(WorkQueue<WriteOperation> writes, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _isWanted;
    private (RoutePlace Place, Func<CollectionName, UpstreamRoute>? Before)? _routes;

    /// <summary>Completes when nothing is left to do, or it was stopped.</summary>
    public Task Idle
    {
        get
        {
            lock (_lock) return _running;
        }
    }

    /// <summary>A collection is to be entered.</summary>
    public void Fill()
    {
        lock (_lock) Wake();
    }

    /// <summary>Routes have changed.</summary>
    /// <param name="before">Those of before; null when they are not known.</param>
    public void Follow(Func<CollectionName, UpstreamRoute>? before)
    {
        lock (_lock)
        {
            _routes = (RoutePlace.First, before);
            Wake();
        }
    }

    /// <summary>Begins no further piece.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Idle;
        _stop.Dispose();
    }

    private void Wake()
    {
        _isWanted = true;
        if (_running.IsCompleted && !_stop.IsCancellationRequested) _running = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        try
        {
            while (IsWanted())
            {
                try
                {
                    while (await StepAsync()) _stop.Token.ThrowIfCancellationRequested();
                }
                catch (DocumentStoreException exception)
                {
                    LogFailed(logger, exception.Message, RetryDelay);
                    lock (_lock) _isWanted = true;
                    await Task.Delay(RetryDelay, clock, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The store closes.
        }
    }

    private bool IsWanted()
    {
        lock (_lock)
        {
            if (!_isWanted)
            {
                // Whoever wants something from now on starts anew: this task no longer counts.
                _running = Task.CompletedTask;
                return false;
            }

            _isWanted = false;
            return true;
        }
    }

    /// <summary>Does a piece; false when there is none.</summary>
    private async Task<bool> StepAsync()
    {
        (RoutePlace Place, Func<CollectionName, UpstreamRoute>? Before)? routes;
        lock (_lock) routes = _routes;
        if (routes is not { } following) return await DoAsync(new FillOutbox());

        var next = await DoAsync(new FollowRoutes(following.Place, following.Before));
        lock (_lock)
        {
            // Unless they have changed again meanwhile.
            if (_routes == routes) _routes = next is { } place ? (place, following.Before) : null;
        }

        return true;
    }

    private async Task<T> DoAsync<T>(WriteOperation<T> operation)
    {
        await writes.EnqueueAsync(operation, _stop.Token);
        return await operation.Durable;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not all that is to go upstream could be entered in the outbox: {Reason} Tried again in {Delay}")]
    private static partial void LogFailed(ILogger logger, string reason, TimeSpan delay);
}
