using System.Globalization;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Search;
using SQLitePCL;

namespace Kuzzle.Edge.Sqlite.Reading;

/// <summary>A read-only connection of one reader's thread.</summary>
internal sealed class ReadConnection : IDisposable
{
    /// <summary>Steps of SQLite's machine between two looks at the clock: some hundred microseconds.</summary>
    private const int StepsBetweenLooks = 20_000;

    private CancellationToken _cancellation;
    private long _deadline;

    public ReadConnection(string file, int cacheKiB)
    {
        Database = SqliteConnection.OpenForReading(file);
        Database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = -{cacheKiB}"));
        Database.Execute("PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 5000");
        Functions = new SearchFunctions(Database);
        raw.sqlite3_progress_handler(Database.Handle, StepsBetweenLooks, _ => ShouldStop() ? 1 : 0, v: null);
    }

    public SqliteConnection Database { get; }

    /// <summary>What the search of this moment has given its statement to call.</summary>
    public SearchFunctions Functions { get; }

    /// <summary>True when the last operation ran out of time.</summary>
    public bool TimedOut => !_cancellation.IsCancellationRequested && _deadline != 0 && Environment.TickCount64 >= _deadline;

    /// <summary>Reads one state of the database, however many statements it takes.</summary>
    public T InTransaction<T>(Func<ReadConnection, T> read)
    {
        Database.Execute("BEGIN");
        try
        {
            return read(this);
        }
        finally
        {
            Database.RollBack();
        }
    }

    /// <summary>Statements fail with an interrupt from now on when the token is cancelled or the time is up.</summary>
    public void Limit(TimeSpan patience, CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken;
        _deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
    }

    /// <summary>True when the table is not there (any more).</summary>
    public bool IsMissing(string table)
    {
        using var find = Database.Prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1");
        find.Bind(1, table);
        return !find.Step();
    }

    public void Dispose() => Database.Dispose();

    private bool ShouldStop() => _cancellation.IsCancellationRequested || (_deadline != 0 && Environment.TickCount64 >= _deadline);
}
