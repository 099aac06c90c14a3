using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Writing;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sqlite.Indexes;

/// <summary>
/// Builds indexes in the background: slice after slice through the writer's queue, so that each waits its turn among the writes of others. What a stop
/// interrupts goes on where it was after the next start; what fails, after a while.
/// </summary>
internal sealed partial class IndexBuilder
{
    private readonly WorkQueue<WriteOperation> _writes;
    private readonly ILogger _logger;
    private readonly FailedBuilds _failed;
    private readonly Lock _lock = new();
    private readonly Queue<CollectionName> _waiting = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _isStopping;

    public IndexBuilder(WorkQueue<WriteOperation> writes, TimeProvider clock, ILogger logger)
    {
        _writes = writes;
        _logger = logger;
        _failed = new FailedBuilds(Add, clock);
    }

    /// <summary>Completes when nothing is left to build but what has failed, or it was stopped.</summary>
    public Task Idle
    {
        get
        {
            lock (_lock) return _running;
        }
    }

    /// <summary>Looks whether the collection has incomplete indexes, and builds them.</summary>
    public void Notice(CollectionTable table)
    {
        if (_isStopping || table.Indexes.All(static index => index.IsReady)) return;
        Add(table.Name);
    }

    /// <summary>After a start: whatever the mappings want that is not there.</summary>
    public void Check(IEnumerable<CollectionTable> tables)
    {
        foreach (var table in tables)
        {
            var wanted = IndexPlan.Of(table.Fields);
            if (wanted.Count != table.Indexes.Count
                || wanted.Exists(field => !table.Indexes.Any(index => index.IsReady && index.Field.Name == field.Name && index.Field.Kind == field.Kind)))
            {
                Add(table.Name);
            }
        }
    }

    /// <summary>Why a collection's indexes are not being built, and when they will be; null when they are, or are complete.</summary>
    public IndexFailure? FindFailure(CollectionName name) => _failed.Find(name);

    /// <summary>Begins no further slice.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        _failed.Stop();
        return Idle;
    }

    private void Add(CollectionName name)
    {
        lock (_lock)
        {
            if (_isStopping || _waiting.Contains(name)) return;
            _waiting.Enqueue(name);
            if (_running.IsCompleted) _running = Task.Run(RunAsync);
        }
    }

    private async Task RunAsync()
    {
        while (!_isStopping && TryTake(out var name))
        {
            try
            {
                await DoAsync(new ReconcileIndexes(name));
                while (!_isStopping && !await DoAsync(new BuildIndexes(name)))
                {
                    // The next slice stands behind whatever has been queued meanwhile.
                }

                _failed.Remove(name);
            }
            catch (DocumentStoreException exception)
            {
                // A full disk, or the end of the store. Searches go on without the index.
                var retryAt = _failed.Add(name, exception.Message);
                if (!_isStopping) LogFailed(_logger, name.Index, name.Collection, exception.Message, retryAt);
            }
        }
    }

    private bool TryTake(out CollectionName name)
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out name)) return true;

            // Whoever adds one from now on starts anew: this task no longer counts.
            _running = Task.CompletedTask;
            return false;
        }
    }

    private async Task<bool> DoAsync(WriteOperation<bool> operation)
    {
        await _writes.EnqueueAsync(operation, CancellationToken.None);
        return await operation.Durable;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The indexes of {Index}/{Collection} could not be built: {Reason}; tried again at {RetryAt:u}")]
    private static partial void LogFailed(ILogger logger, string index, string collection, string reason, DateTimeOffset retryAt);
}
