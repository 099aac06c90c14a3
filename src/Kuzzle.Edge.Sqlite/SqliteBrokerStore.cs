using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Sqlite.Backups;
using Kuzzle.Edge.Sqlite.Damage;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Sessions;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Kuzzle.Edge.Sqlite;

/// <summary>
/// A broker's sessions, messages and wills in one SQLite file, <c>broker.db</c> in the storage directory. It is not the file of the documents, so that messages
/// never wait for them. For one thread at a time. Dispose it to close the file.
/// </summary>
public sealed partial class SqliteBrokerStore : IBrokerStore
{
    /// <summary>
    /// 16 MiB: four times what SQLite would wait for. Queues live and go in few pages, which are then written to the database a quarter as often; reading the
    /// log after a power cut takes a fraction of a second.
    /// </summary>
    private const int CheckpointPages = 4096;

    /// <summary>A file below this size is not worth shrinking.</summary>
    private const long WorthShrinking = 64 * 1024 * 1024;

    /// <summary>With relaxed durability, how long a commit may stay in memory.</summary>
    private static readonly TimeSpan RelaxedSync = TimeSpan.FromSeconds(1);

    private readonly StorageLock _lock;
    private readonly SqliteBrokerStoreOptions _options;
    private readonly StoredSessionSet _sessions = new();
    private readonly ILogger _logger;
    private readonly ITimer? _sync;
    private SqliteConnection _connection;
    private CommitWriter _writer;
    private long _syncs;
    private int _isUnsynced;
    private bool _isLoaded;
    private bool _isDisposed;

    private SqliteBrokerStore(StorageLock storageLock, SqliteConnection connection, SqliteBrokerStoreOptions options, ILogger logger)
    {
        _lock = storageLock;
        _options = options;
        _connection = connection;
        _logger = logger;
        _writer = new CommitWriter(connection, _sessions);
        if (options.Durability != StorageDurability.Relaxed) return;

        _sync = TimeProvider.System.CreateTimer(static store => ((SqliteBrokerStore)store!).Sync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public bool IsDurable => true;

    internal SqliteConnection Connection => _connection;

    /// <summary>With relaxed durability, how often the log was synced apart from commits.</summary>
    internal long Syncs => Interlocked.Read(ref _syncs);

    /// <summary>Opens the store of a directory, or makes one. Blocks on the disk: for the start of a program.</summary>
    /// <exception cref="BrokerStoreException">It cannot be used; the message says why and what to do.</exception>
    public static SqliteBrokerStore Open(SqliteBrokerStoreOptions options, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<SqliteBrokerStore>();
        StorageLock? storageLock = null;
        try
        {
            var directory = Path.GetFullPath(options.Directory);
            storageLock = StorageLock.Take(directory, StorageFiles.BrokerLock);
            var file = Path.Combine(directory, StorageFiles.Broker);
            var connection = DamagedFiles.OpenOrBegin(file, options.Durability, TimeProvider.System, logger, () => Connect(file, options, logger));
            return new SqliteBrokerStore(storageLock, connection, options, logger);
        }
        catch (Exception exception)
        {
            storageLock?.Dispose();
            if (exception is DocumentStoreException refusal) throw new BrokerStoreException(refusal.Message, refusal);
            if (exception is SqliteException failure) throw Describe(failure);
            throw;
        }
    }

    /// <inheritdoc/>
    public StoredBroker Load()
    {
        if (_isLoaded) throw new InvalidOperationException("What was stored is loaded once, before the first commit.");

        try
        {
            StoredBroker broker;
            try
            {
                broker = new BrokerReader(_connection, _sessions).Read();
            }
            catch (SqliteException damage) when (damage.Fault == DocumentStoreFault.Corrupt)
            {
                BeginAnew(damage);
                broker = new BrokerReader(_connection, _sessions).Read();
            }

            _sessions.Accept();
            _isLoaded = true;
            return broker;
        }
        catch (SqliteException exception)
        {
            _sessions.Discard();
            throw Describe(exception);
        }
    }

    /// <inheritdoc/>
    public void Commit(BrokerCommit commit)
    {
        if (!_isLoaded) throw new InvalidOperationException("What was stored must be loaded before the first commit.");

        try
        {
            // Still one from before only when its end has failed.
            _connection.RollBack();
            _connection.Execute("BEGIN IMMEDIATE");
            _writer.Apply(commit);
            _connection.Execute("COMMIT");
        }
        catch (SqliteException exception)
        {
            Abandon();
            throw Describe(exception);
        }
        catch
        {
            Abandon();
            throw;
        }

        _sessions.Accept();
        if (_sync is not null && Interlocked.Exchange(ref _isUnsynced, 1) == 0) _sync.Change(RelaxedSync, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;

        _isDisposed = true;
        if (_sync is not null) await _sync.DisposeAsync();
        try
        {
            _connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException exception)
        {
            // Nothing is lost: what is in the log is found at the next start.
            LogSyncFailed(_logger, exception.Describe());
        }
        finally
        {
            _connection.Dispose();
            _lock.Dispose();
        }
    }

    private static SqliteConnection Connect(string file, SqliteBrokerStoreOptions options, ILogger logger)
    {
        var connection = EarlierVersions.Open(file, BrokerSchema.Current, new DatabaseSettings(options.Durability, options.CacheKiB, CheckpointPages), TimeProvider.System, logger);
        try
        {
            // What messages are removed from is overwritten soon anyhow, and a page that is free need not be written for that.
            connection.Execute("PRAGMA secure_delete = OFF");
            connection.Execute(DeliveryTables.Preparation);
            Shrink(connection, logger);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Pages that queues have left are used again by the next ones, so the file never becomes greater than what it had to hold at one time, and that needs no
    /// work and no additional page writes, as incremental vacuum would. Only what a long outage has left behind is given back, here: when at least three
    /// quarters are free, little is left to copy.
    /// </summary>
    private static void Shrink(SqliteConnection connection, ILogger logger)
    {
        var pages = connection.QueryInt64("PRAGMA page_count");
        var free = connection.QueryInt64("PRAGMA freelist_count");
        var bytes = pages * connection.QueryInt64("PRAGMA page_size");
        if (bytes < WorthShrinking || free < pages * 3 / 4) return;

        try
        {
            connection.Execute("VACUUM");
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            LogShrunk(logger, connection.File, bytes);
        }
        catch (SqliteException exception) when (exception.PrimaryCode is raw.SQLITE_FULL or raw.SQLITE_IOERR)
        {
            // A full disk may have no room to shrink in; the file is as good as before.
            LogNotShrunk(logger, connection.File, exception.Describe());
        }
    }

    private static BrokerStoreException Describe(SqliteException exception)
    {
        if (exception.Fault == DocumentStoreFault.Corrupt) DamagedFiles.Suspect(exception.File);
        const string afresh = "Restore it from a backup, or move it away to begin without sessions and retained messages.";
        var message = exception.PrimaryCode switch
        {
            raw.SQLITE_NOTADB => $"{exception.File} is not a database. {afresh}",
            raw.SQLITE_CORRUPT => $"{exception.File} is corrupt ({exception.Message}). {afresh}",
            _ => exception.Describe(),
        };
        return new BrokerStoreException(message, exception);
    }

    /// <summary>Damage that is met when all is read, and nothing but this reads all.</summary>
    private void BeginAnew(SqliteException damage)
    {
        _sessions.Discard();
        var file = _connection.File;
        _connection.Dispose();
        DamagedFiles.SetAside(file, damage.Message, TimeProvider.System, _logger);
        _connection = Connect(file, _options, _logger);
        _writer = new CommitWriter(_connection, _sessions);
    }

    private void Abandon()
    {
        _sessions.Discard();
        try
        {
            _connection.RollBack();
        }
        catch (SqliteException exception)
        {
            // The next commit tries it again before it begins; nothing of this one can be committed meanwhile.
            LogRollbackFailed(_logger, exception.Describe());
        }
    }

    private void Sync()
    {
        // Before, so that what is committed meanwhile is synced by the next one.
        Volatile.Write(ref _isUnsynced, 0);
        try
        {
            WriteAheadLog.Sync(_connection.File);
            Interlocked.Increment(ref _syncs);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogSyncFailed(_logger, exception.Message);
            if (Interlocked.Exchange(ref _isUnsynced, 1) == 0) _sync!.Change(RelaxedSync, Timeout.InfiniteTimeSpan);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A failed transaction of the broker's store could not be rolled back: {Reason}")]
    private static partial void LogRollbackFailed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The write-ahead log of the broker's store could not be taken to the disk: {Reason}")]
    private static partial void LogSyncFailed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} was mostly free and has been shrunk from {Bytes} bytes")]
    private static partial void LogShrunk(ILogger logger, string file, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is mostly free and could not be shrunk: {Reason}")]
    private static partial void LogNotShrunk(ILogger logger, string file, string reason);
}
