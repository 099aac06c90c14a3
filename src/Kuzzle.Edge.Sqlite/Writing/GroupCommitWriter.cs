using System.Diagnostics;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Damage;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>
/// The one thread that writes. All operations that wait share a transaction and its fsync, and each sender is answered after it; while the disk works, the
/// next ones gather.
/// </summary>
internal sealed partial class GroupCommitWriter
{
    /// <summary>Documents in one transaction. More would make those that came first wait and the write-ahead log grow; fewer would fsync more often.</summary>
    private const int MaxBatchWeight = 4096;

    /// <summary>In relaxed mode, how long an acknowledged write may stay in memory.</summary>
    private static readonly TimeSpan RelaxedSync = TimeSpan.FromSeconds(1);

    private readonly WorkQueue<WriteOperation> _queue;
    private readonly SqliteConnection _connection;
    private readonly WriteContext _context;
    private readonly Action<StoredCatalogue, bool> _publish;
    private readonly bool _relaxed;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StoredCatalogue _published;
    private string? _lastFailure;
    private string? _fault;
    private int _changesBefore;
    private int _lastBatch;
    private long _lastCommitTicks;
    private long _unsyncedSince;
    private long _commits;
    private long _operations;
    private long _syncs;

    /// <summary>
    /// The connection is the context's own, and disposed by the writer when it ends. <paramref name="publish"/> is called after each commit, before its callers
    /// are answered, with the catalogue and whether the outbox grew.
    /// </summary>
    public GroupCommitWriter(
        WorkQueue<WriteOperation> queue,
        SqliteConnection connection,
        WriteContext context,
        Action<StoredCatalogue, bool> publish,
        StorageDurability durability,
        ILogger logger)
    {
        _queue = queue;
        _connection = connection;
        _context = context;
        _publish = publish;
        _relaxed = durability == StorageDurability.Relaxed;
        _logger = logger;
        _published = context.Catalogue;
    }

    /// <summary>Completes when the queue was closed and all that was in it is done.</summary>
    public Task Ended => _ended.Task;

    /// <summary>How many transactions were committed.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>How many operations were in them.</summary>
    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>Why the disk took nothing at the last attempt; null since it has taken something again. From any thread.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>In relaxed mode, how often the log was synced apart from commits.</summary>
    public long Syncs => Interlocked.Read(ref _syncs);

    public void Start() => new Thread(Run) { Name = "sqlite-writer", IsBackground = true }.Start();

    private void Run()
    {
        var batch = new List<WriteOperation>();
        try
        {
            while (!_queue.IsCompleted)
            {
                if (_queue.TryTake(_unsyncedSince == 0 ? Timeout.InfiniteTimeSpan : RelaxedSync, out var first))
                {
                    Gather(batch, first);
                    Commit(batch);
                    batch.Clear();
                }

                if (_unsyncedSince != 0 && Stopwatch.GetElapsedTime(_unsyncedSince) >= RelaxedSync) Sync();
            }

            Close();
            _ended.TrySetResult();
        }
        catch (Exception exception)
        {
            // Nothing above this thread could see it; whoever stops the store does.
            LogWriterDied(exception);
            FailAll(batch, exception);
            _ended.TrySetException(exception);
        }
    }

    private void FailAll(List<WriteOperation> batch, Exception reason)
    {
        _queue.Close(takers: 1);
        while (_queue.TryTakeNow(out var waiting)) batch.Add(waiting);
        foreach (var operation in batch) operation.Fail(new DocumentStoreException("The writer of the document store has ended.", reason));
    }

    private void Gather(List<WriteOperation> batch, WriteOperation first)
    {
        batch.Add(first);
        var weight = first.Weight;
        while (weight < MaxBatchWeight)
        {
            if (_queue.TryTakeNow(out var next))
            {
                batch.Add(next);
                weight += next.Weight;
            }
            else if (!AwaitsMore(batch.Count))
            {
                return;
            }
        }
    }

    /// <summary>
    /// Those that were answered together usually come back together, but one by one: without a moment's patience the first would get a transaction for
    /// itself and the others every second one. Never more than a quarter of what the last commit took, and nothing for a sender that is alone.
    /// </summary>
    private bool AwaitsMore(int gathered)
    {
        if (gathered >= _lastBatch) return false;

        var deadline = Stopwatch.GetTimestamp() + Math.Min(_lastCommitTicks / 4, Stopwatch.Frequency / 500);
        var spin = new SpinWait();
        while (_queue.Count == 0)
        {
            if (Stopwatch.GetTimestamp() >= deadline) return false;
            spin.SpinOnce(sleep1Threshold: -1);
        }

        return true;
    }

    private void Commit(List<WriteOperation> batch)
    {
        var started = Stopwatch.GetTimestamp();
        if (TryCommit(batch, out var failure))
        {
            _lastCommitTicks = Stopwatch.GetTimestamp() - started;
            _lastBatch = batch.Count;
            if (HasWritten(batch))
            {
                _lastFailure = null;
                if (Interlocked.Exchange(ref _fault, null) is not null) LogWritesAgain();
            }

            foreach (var operation in batch) operation.Complete();
        }
        else if (batch.Count == 1)
        {
            // A full disk fails every write: said once until one succeeds again.
            if (!string.Equals(_lastFailure, failure.Message, StringComparison.Ordinal)) LogWriteFailed(failure.Message);
            _lastFailure = failure.Message;
            Note(failure);
            batch[0].Fail(failure);
        }
        else
        {
            // One bad write must not fail its neighbours.
            if (_lastFailure is null) LogRetry(batch.Count, failure.Message);
            foreach (var operation in batch) Commit([operation]);
        }
    }

    /// <summary>A transaction that has changed nothing proves nothing about the disk.</summary>
    private bool HasWritten(List<WriteOperation> batch) => _connection.TotalChanges != _changesBefore || batch.Exists(operation => operation is ProbeWriter { Writes: true });

    private void Note(Exception failure)
    {
        if (failure is not DocumentStoreException { InnerException: SqliteException cause } fault) return; // The fault of a request, not of the disk.

        Volatile.Write(ref _fault, fault.Message);
        if (cause.Fault == DocumentStoreFault.Corrupt) DamagedFiles.Suspect(_connection.File);
    }

    private bool TryCommit(List<WriteOperation> batch, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Exception? failure)
    {
        try
        {
            _changesBefore = _connection.TotalChanges;
            _connection.Execute("BEGIN IMMEDIATE");
            foreach (var operation in batch) operation.Execute(_context);
            _connection.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            // Whatever it is, a fault of the disk or of what a caller gave us to run: it is told to its sender, and the transaction must end here.
            failure = exception is SqliteException sqlite ? sqlite.ToStoreException() : exception;
            Abandon();
            return false;
        }

        Interlocked.Increment(ref _commits);
        Interlocked.Add(ref _operations, batch.Count);
        if (_relaxed && _unsyncedSince == 0) _unsyncedSince = Stopwatch.GetTimestamp();
        _published = _context.Catalogue;
        _context.Counts.Commit();
        var outboxGrew = _context.Outbox.Grew;
        _context.Outbox.Commit();
        _publish(_published, outboxGrew);
        failure = null;
        return true;
    }

    private void Abandon()
    {
        _context.Catalogue = _published;
        _context.Counts.Abandon();
        _context.Outbox.Abandon();
        try
        {
            _connection.RollBack();
        }
        catch (SqliteException exception)
        {
            // The next BEGIN fails and says so to its sender; nothing of this transaction can be committed meanwhile.
            LogRollbackFailed(exception.Describe());
        }
    }

    private void Sync()
    {
        try
        {
            WriteAheadLog.Sync(_connection.File);
            _unsyncedSince = 0;
            Interlocked.Increment(ref _syncs);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogSyncFailed(exception.Message);
            _unsyncedSince = Stopwatch.GetTimestamp();
        }
    }

    private void Close()
    {
        try
        {
            _connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException exception)
        {
            // Nothing is lost: what is in the log is found at the next start.
            LogSyncFailed(exception.Describe());
        }
        finally
        {
            _connection.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The writer of the document store has ended")]
    private partial void LogWriterDied(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A write was not stored: {Reason}")]
    private partial void LogWriteFailed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Writes are stored again")]
    private partial void LogWritesAgain();

    [LoggerMessage(Level = LogLevel.Warning, Message = "A group of {Count} writes failed and is repeated one by one: {Reason}")]
    private partial void LogRetry(int count, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A failed transaction could not be rolled back: {Reason}")]
    private partial void LogRollbackFailed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The write-ahead log could not be taken to the disk: {Reason}")]
    private partial void LogSyncFailed(string reason);
}
