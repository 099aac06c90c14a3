using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Writing;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sqlite.Indexes;

/// <summary>
/// Builds indexes in the background: slice after slice through the writer's queue, so that each waits its turn among the writes of others. What a stop
/// interrupts goes on where it was after the next start.
/// </summary>
internal sealed partial class IndexBuilder(WorkQueue<WriteOperation> writes, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly Queue<CollectionName> _waiting = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _isStopping;

    /// <summary>Completes when nothing is left to build, or it was stopped.</summary>
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

    /// <summary>Begins no further slice.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return Idle;
    }

    private void Add(CollectionName name)
    {
        lock (_lock)
        {
            if (_waiting.Contains(name)) return;
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
            }
            catch (DocumentStoreException exception)
            {
                // A full disk, or the end of the store. Searches go on without the index; it is tried again after the next start.
                LogFailed(logger, name.Index, name.Collection, exception.Message);
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
        await writes.EnqueueAsync(operation, CancellationToken.None);
        return await operation.Durable;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The indexes of {Index}/{Collection} could not be built: {Reason}")]
    private static partial void LogFailed(ILogger logger, string index, string collection, string reason);
}
