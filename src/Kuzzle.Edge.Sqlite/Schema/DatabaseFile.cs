using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Damage;
using Kuzzle.Edge.Sqlite.Native;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>Opens the file for the writer: journal, durability, health, schema.</summary>
internal static partial class DatabaseFile
{
    /// <summary>A check reads the whole file; beyond this size it would hold up the start of a board after a power cut for many seconds.</summary>
    private const long MaxCheckedBytes = 64 * 1024 * 1024;

    /// <summary>Opens it.</summary>
    /// <param name="keep">Is called before the file becomes what no older program can work with, with its version; null where it need not be kept.</param>
    public static SqliteConnection Open(string file, DatabaseSchema schema, DatabaseSettings settings, ILogger logger, Action<SqliteConnection, int>? keep = null)
    {
        // A log that is still there was not taken in by a clean stop.
        var unclean = File.Exists(file) && new FileInfo($"{file}-wal") is { Exists: true, Length: > 0 };
        var connection = SqliteConnection.OpenForWriting(file);
        try
        {
            Configure(connection, settings);
            if (DamagedFiles.IsSuspected(file)) CheckSuspected(connection, logger);
            else if (unclean) CheckAfterUncleanStop(connection, logger);
            if (unclean) TakeInLog(connection, logger);
            schema.Bring(connection, keep is null ? null : version => keep(connection, version));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Configure(SqliteConnection connection, DatabaseSettings settings)
    {
        connection.Execute("PRAGMA busy_timeout = 5000");
        var mode = connection.QueryText("PRAGMA journal_mode = WAL");
        if (!string.Equals(mode, "wal", StringComparison.Ordinal))
        {
            throw new DocumentStoreException($"{connection.File} cannot keep a write-ahead log: its file system lacks shared memory or is read-only.")
            {
                Fault = DocumentStoreFault.Unwritable,
            };
        }

        var synchronous = settings.Durability == StorageDurability.Full ? "FULL" : "NORMAL";

        // No memory map: a failing card would end the process with SIGBUS instead of answering with an error. The log is cut back to 16 MiB after a
        // checkpoint, so that one large import does not keep its size for ever.
        connection.Execute(string.Create(
            CultureInfo.InvariantCulture,
            $"""
             PRAGMA synchronous = {synchronous};
             PRAGMA foreign_keys = ON;
             PRAGMA mmap_size = 0;
             PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -{settings.CacheKiB};
             PRAGMA wal_autocheckpoint = {settings.CheckpointPages};
             PRAGMA journal_size_limit = 16777216;
             """));
    }

    /// <summary>It has shown damage to its last process: all of it is read, indexes compared with their tables, however long that takes.</summary>
    private static void CheckSuspected(SqliteConnection connection, ILogger logger)
    {
        var verdict = connection.QueryText("PRAGMA integrity_check(1)");
        if (!string.Equals(verdict, "ok", StringComparison.Ordinal)) throw new SqliteException(raw.SQLITE_CORRUPT, verdict, connection.File);

        DamagedFiles.Acquit(connection.File);
        LogAcquitted(logger, connection.File);
    }

    /// <summary>What a power cut has left behind the end of the log would look like damage in its middle after the next one.</summary>
    private static void TakeInLog(SqliteConnection connection, ILogger logger)
    {
        try
        {
            connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException exception) when (exception.PrimaryCode is raw.SQLITE_FULL or raw.SQLITE_IOERR)
        {
            LogNotTakenIn(logger, connection.File, exception.Describe()); // The log is as good as it was.
        }
    }

    private static void CheckAfterUncleanStop(SqliteConnection connection, ILogger logger)
    {
        var bytes = connection.QueryInt64("PRAGMA page_count") * connection.QueryInt64("PRAGMA page_size");
        if (bytes > MaxCheckedBytes)
        {
            LogUnchecked(logger, connection.File, bytes);
            return;
        }

        var verdict = connection.QueryText("PRAGMA quick_check(1)");
        if (!string.Equals(verdict, "ok", StringComparison.Ordinal)) throw new SqliteException(raw.SQLITE_CORRUPT, verdict, connection.File);

        LogChecked(logger, connection.File);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} had seemed damaged while it was used; it was read whole, and is sound")]
    private static partial void LogAcquitted(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of {File} could not be taken into it: {Reason}")]
    private static partial void LogNotTakenIn(ILogger logger, string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} was not closed by its last process; what it had committed is there, and the file is sound")]
    private static partial void LogChecked(ILogger logger, string file);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{File} was not closed by its last process; what it had committed is there. At {Bytes} bytes it is too large to be checked at every start")]
    private static partial void LogUnchecked(ILogger logger, string file, long bytes);
}
