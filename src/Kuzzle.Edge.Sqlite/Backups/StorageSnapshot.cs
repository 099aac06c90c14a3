using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Backups;

/// <summary>
/// The databases of a storage directory as they were at one moment, while the process that has them, this one or another, goes on writing. Everything that was
/// acknowledged before <see cref="Take"/> was called is in it. All members block on the disk, and a snapshot has one thread at a time. Until it is disposed, the
/// databases' logs cannot be taken in and grow by what is written.
/// </summary>
public sealed class StorageSnapshot : IDisposable
{
    /// <summary>The writer of the documents waits for the lock five seconds, then its writes fail: somebody else's turn must end long before.</summary>
    private const int MillisecondsOfWaiting = 2000;

    /// <summary>A writer that is never idle leaves gaps of a few microseconds between its transactions; each attempt asks some thirty times.</summary>
    private const int Attempts = 15;

    private readonly List<(string Name, SqliteConnection Connection)> _readers;

    private StorageSnapshot(List<(string Name, SqliteConnection Connection)> readers) => _readers = readers;

    /// <summary>The databases that there are, by the names of <see cref="StorageFiles"/>.</summary>
    public IReadOnlyList<string> Names => [.. _readers.Select(reader => reader.Name)];

    /// <summary>How large the copies will be together, in bytes.</summary>
    public long Bytes => _readers.Sum(reader => reader.Connection.QueryInt64("PRAGMA page_count") * reader.Connection.QueryInt64("PRAGMA page_size"));

    /// <summary>Holds the moment.</summary>
    /// <exception cref="DocumentStoreException">There is no database in the directory, it cannot be read, or its writer leaves no gap.</exception>
    public static StorageSnapshot Take(string directory, CancellationToken cancellationToken)
    {
        var files = StorageFiles.Databases.Where(name => File.Exists(Path.Combine(directory, name))).ToList();
        if (!files.Contains(StorageFiles.Documents)) throw new DocumentStoreException($"There is no {StorageFiles.Documents} in {directory}.") { Fault = DocumentStoreFault.Unwritable };

        var readers = new List<(string Name, SqliteConnection Connection)>();
        var writers = new List<SqliteConnection>();
        try
        {
            // Those that could write are opened first: they may create what a reader alone may not.
            foreach (var name in files) writers.Add(Configured(SqliteConnection.OpenForWriting(Path.Combine(directory, name))));
            foreach (var name in files) readers.Add((name, Configured(SqliteConnection.OpenForReading(Path.Combine(directory, name)))));
            AtOneMoment(writers, readers, cancellationToken);
            return new StorageSnapshot(readers);
        }
        catch (SqliteException exception)
        {
            foreach (var (_, reader) in readers) reader.Dispose();
            throw exception.ToStoreException();
        }
        catch
        {
            foreach (var (_, reader) in readers) reader.Dispose();
            throw;
        }
        finally
        {
            foreach (var writer in writers) writer.Dispose();
        }
    }

    /// <summary>Writes one of the databases, whole, to a file that is not there yet. When it fails, nothing is left of it.</summary>
    /// <exception cref="DocumentStoreException">It cannot be read or written; a full disk, mostly.</exception>
    public void CopyTo(string name, string file, CancellationToken cancellationToken)
    {
        var source = _readers.First(reader => reader.Name == name).Connection;
        try
        {
            // Made before SQLite would, so that nobody else may ever open it.
            PrivatePlaces.MakeFile(file);
            using var copy = SqliteConnection.OpenForWriting(file);

            // Nobody looks at it before it is whole, so it needs no journal; who wants it to survive a power cut flushes the file that it becomes part of.
            copy.Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
            source.CopyTo(copy, cancellationToken);
        }
        catch (SqliteException exception)
        {
            Remove(file);
            throw exception.ToStoreException();
        }
        catch
        {
            Remove(file);
            throw;
        }
    }

    /// <summary>Lets go of the moment.</summary>
    public void Dispose()
    {
        foreach (var (_, reader) in _readers) reader.Dispose();
    }

    /// <summary>While all are locked for writing, none can commit; what the readers begin to read then is the end of everything that was committed.</summary>
    private static void AtOneMoment(List<SqliteConnection> writers, List<(string Name, SqliteConnection Connection)> readers, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                foreach (var writer in writers) writer.Execute("BEGIN IMMEDIATE");
                foreach (var (_, reader) in readers)
                {
                    reader.Execute("BEGIN");
                    reader.QueryInt64("SELECT count(*) FROM sqlite_schema"); // BEGIN alone does not hold anything yet.
                }

                return;
            }
            catch (SqliteException exception) when (exception.Fault == DocumentStoreFault.InUse && attempt < Attempts)
            {
                foreach (var (_, reader) in readers) reader.RollBack();
            }
            finally
            {
                foreach (var writer in writers) writer.RollBack();
            }
        }
    }

    private static SqliteConnection Configured(SqliteConnection connection)
    {
        connection.Execute(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {MillisecondsOfWaiting}; PRAGMA cache_size = -1024"));
        return connection;
    }

    private static void Remove(string file)
    {
        foreach (var one in StorageFiles.With(file)) File.Delete(one);
    }
}
