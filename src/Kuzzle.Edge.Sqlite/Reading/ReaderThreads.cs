namespace Kuzzle.Edge.Sqlite.Reading;

/// <summary>Threads that read, each with its own connection: SQLite blocks, and a pool thread that waited for a disk could serve no socket.</summary>
internal sealed class ReaderThreads : IAsyncDisposable
{
    private readonly WorkQueue<ReadOperation> _queue;
    private readonly TimeSpan _timeLimit;
    private readonly Task[] _ended;

    public ReaderThreads(string name, string file, int threads, SqliteStoreOptions options)
    {
        _queue = new WorkQueue<ReadOperation>(options.ReadQueueCapacity);
        _timeLimit = options.SearchTimeLimit;
        _ended = new Task[threads];
        for (var i = 0; i < threads; i++) _ended[i] = Start($"{name}-{i}", new ReadConnection(file, options.CacheKiB));
    }

    /// <summary>How many reads wait.</summary>
    public int Waiting => _queue.Count;

    /// <summary>Reads on one of the threads, within one state of the database.</summary>
    public async Task<T> ReadAsync<T>(Func<ReadConnection, T> read, CancellationToken cancellationToken)
    {
        var operation = new ReadOperation<T>(read, cancellationToken);
        await _queue.EnqueueAsync(operation, cancellationToken);
        return await operation.Answer;
    }

    /// <summary>Finishes what waits, then ends the threads.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close(takers: _ended.Length);
        await Task.WhenAll(_ended);
    }

    private Task Start(string name, ReadConnection connection)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            using (connection)
            {
                while (_queue.TryTake(out var operation))
                {
                    connection.Limit(_timeLimit, operation.CancellationToken);
                    operation.Run(connection);
                }
            }

            ended.TrySetResult();
        })
        { Name = name, IsBackground = true }.Start();
        return ended.Task;
    }
}
