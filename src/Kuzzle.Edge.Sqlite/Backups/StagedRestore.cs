using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sqlite.Backups;

/// <summary>
/// Databases on their way into a storage directory. They are put together in a folder of it, checked and brought up to date there; renaming that folder decides, and
/// what follows is done again, by whoever next opens the directory, if it was cut short. What was there before is moved to a folder of its own.
/// </summary>
public sealed partial class StagedRestore : IDisposable
{
    /// <summary>Being put together. What a process that was killed has left is of no use.</summary>
    private const string Unfinished = "restore.unfinished";

    /// <summary>Whole: from here on it is what the directory holds.</summary>
    private const string Decided = "restore.decided";

    /// <summary>In the folder: the name of the folder for what was there before, then the names of the databases that are brought, a line each.</summary>
    private const string PlanFile = "plan";

    private readonly string _directory;
    private readonly string _folder;

    private StagedRestore(string directory)
    {
        _directory = directory;
        _folder = Path.Combine(directory, Unfinished);
    }

    /// <summary>Begins. The caller holds the directory.</summary>
    public static StagedRestore Begin(string directory)
    {
        Finish(directory, NullLogger.Instance);
        var restore = new StagedRestore(directory);
        restore.Dispose();
        PrivatePlaces.MakeFolder(restore._folder);
        return restore;
    }

    /// <summary>Where a database is to be put, by its name in <see cref="StorageFiles"/>. Those that are not put there will not be there.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Checks every page and every row, and brings the databases up to date.</summary>
    /// <param name="outbox">What becomes of the changes that had not gone up.</param>
    /// <param name="reason">Why they are held, for the operator.</param>
    /// <param name="at">Now.</param>
    /// <returns>How many changes are held.</returns>
    /// <exception cref="DocumentStoreException">One is damaged, of another program, or of a newer version of this one.</exception>
    public long Prepare(OutboxTreatment outbox, string reason, DateTimeOffset at)
    {
        try
        {
            using (var documents = Open(StorageFiles.Documents, DocumentSchema.Current))
            {
                var held = outbox == OutboxTreatment.Hold ? Hold(documents, reason, at) : 0;
                documents.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
                if (!File.Exists(PathOf(StorageFiles.Broker))) return held;

                using var broker = Open(StorageFiles.Broker, BrokerSchema.Current);
                broker.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
                return held;
            }
        }
        catch (SqliteException exception)
        {
            throw exception.ToStoreException();
        }
    }

    /// <summary>Decides, and puts everything in its place.</summary>
    /// <returns>The folder where that is which was there before; null when there was nothing.</returns>
    public string? Commit(DateTimeOffset at)
    {
        var aside = StorageFiles.FreeName(Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"before-restore-{at.UtcDateTime:yyyyMMdd-HHmmss}")));
        var brought = StorageFiles.Databases.Where(file => File.Exists(PathOf(file))).ToList();
        File.WriteAllLines(PathOf(PlanFile), [Path.GetFileName(aside), .. brought]);
        foreach (var file in (IEnumerable<string>)[PlanFile, .. brought]) Flush(PathOf(file));
        Directory.Move(_folder, Path.Combine(_directory, Decided));
        Finish(_directory, NullLogger.Instance);
        return Directory.Exists(aside) ? aside : null;
    }

    /// <summary>Without <see cref="Commit"/>, nothing is left of it.</summary>
    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Does the rest of a restore that was decided and cut short; mostly there is none. The caller holds the directory.</summary>
    internal static void Finish(string directory, ILogger logger)
    {
        var folder = Path.Combine(directory, Decided);
        if (!Directory.Exists(folder)) return;

        // The plan goes first when all is done, so without one there is nothing left to do but to remove the folder.
        var plan = Path.Combine(folder, PlanFile);
        if (File.Exists(plan))
        {
            var lines = File.ReadAllLines(plan);
            var aside = Path.Combine(directory, lines[0]);
            LogFinishing(logger, directory, aside);
            foreach (var name in StorageFiles.Databases) Replace(directory, folder, name, aside, isBrought: lines.AsSpan(1).Contains(name));
            File.Delete(plan);
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Doing it twice is doing it once: what was moved in is no longer in the folder, and until all is done nobody makes a database in the directory.</summary>
    private static void Replace(string directory, string folder, string name, string aside, bool isBrought)
    {
        var fresh = Path.Combine(folder, name);
        if (isBrought && !File.Exists(fresh)) return;

        var copies = EarlierVersions.CopiesOf(Path.Combine(directory, name)).Select(copy => Path.GetFileName(copy.Path)); // No way back from an update to what was there before a restore.
        foreach (var old in StorageFiles.With(name).Concat(copies).Where(file => File.Exists(Path.Combine(directory, file))).ToList())
        {
            PrivatePlaces.MakeFolder(aside);
            File.Move(Path.Combine(directory, old), Path.Combine(aside, old));
        }

        if (isBrought) File.Move(fresh, Path.Combine(directory, name));
    }

    private static long Hold(SqliteConnection documents, string reason, DateTimeOffset at)
    {
        documents.Execute("BEGIN IMMEDIATE");
        EnterRest(documents, at);
        var count = documents.QueryInt64("SELECT count(*) FROM outbox");
        using (var park = documents.Prepare(
            "INSERT OR REPLACE INTO outbox_parked (sequence, index_name, collection, id, reason, parked_at) SELECT sequence, index_name, collection, id, ?1, ?2 FROM outbox"))
        {
            park.Bind(1, reason);
            park.Bind(2, at.ToUnixTimeMilliseconds());
            park.Execute();
        }

        documents.Execute("DELETE FROM outbox");
        documents.Execute("COMMIT");
        return count;
    }

    /// <summary>What was to be entered in the outbox when the backup was made had not gone up either.</summary>
    private static void EnterRest(SqliteConnection documents, DateTimeOffset at)
    {
        var fills = new List<(long Collection, string Index, string Name, long Reached, long Until)>();
        using (var find = documents.Prepare(
            "SELECT f.collection_number, i.name, c.name, f.reached, f.until FROM outbox_fills f JOIN collections c ON c.number = f.collection_number JOIN indexes i ON i.number = c.index_number"))
        {
            while (find.Step()) fills.Add((find.Int64(0), find.Text(1), find.Text(2), find.Int64(3), find.Int64(4)));
        }

        foreach (var (collection, index, name, reached, until) in fills)
        {
            using var enter = documents.Prepare(string.Create(
                CultureInfo.InvariantCulture,
                $"INSERT OR IGNORE INTO outbox (index_name, collection, id, since) SELECT ?1, ?2, id, ?3 FROM documents_{collection} WHERE seq > ?4 AND seq <= ?5 ORDER BY seq"));
            enter.Bind(1, index);
            enter.Bind(2, name);
            enter.Bind(3, at.ToUnixTimeMilliseconds());
            enter.Bind(4, reached);
            enter.Bind(5, until);
            enter.Execute();
        }

        documents.Execute("DELETE FROM outbox_fills");
    }

    private SqliteConnection Open(string name, DatabaseSchema schema)
    {
        var file = PathOf(name);
        if (!File.Exists(file)) throw new DocumentStoreException($"The backup has no {name}.") { Fault = DocumentStoreFault.Corrupt };

        var connection = DatabaseFile.Open(file, schema, new DatabaseSettings(StorageDurability.Full, CacheKiB: 4096, CheckpointPages: 1000), NullLogger.Instance);
        try
        {
            var verdict = connection.QueryText("PRAGMA integrity_check(1)");
            if (!string.Equals(verdict, "ok", StringComparison.Ordinal)) throw new DocumentStoreException($"The backup's {name} is damaged: {verdict}") { Fault = DocumentStoreFault.Corrupt };
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Flush(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A restore of {Directory} was cut short and is finished now; what was there before is in {Aside}")]
    private static partial void LogFinishing(ILogger logger, string directory, string aside);
}
