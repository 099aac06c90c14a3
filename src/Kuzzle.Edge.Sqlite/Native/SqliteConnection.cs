using SQLitePCL;

namespace Kuzzle.Edge.Sqlite.Native;

/// <summary>One connection to one database file, for one thread at a time.</summary>
internal sealed class SqliteConnection : IDisposable
{
    /// <summary>
    /// How many prepared statements are kept. Four a collection for writing; searches share theirs, since no name or value is in their text. Each takes
    /// some kilobytes: more would let clients with many shapes of queries fill the memory of a small board.
    /// </summary>
    private const int MaxStatements = 256;

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, LinkedListNode<(string Sql, SqliteStatement Statement)>> _statements = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Sql, SqliteStatement Statement)> _byUse = new();

    private SqliteConnection(sqlite3 handle, string file)
    {
        _handle = handle;
        File = file;
    }

    /// <summary>Which file it is.</summary>
    public string File { get; }

    /// <summary>True between BEGIN and the end of the transaction. SQLite may have ended a failed one by itself.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>How many rows the last INSERT, UPDATE or DELETE has changed.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>How many rows all statements since the opening have changed: what stands still has written nothing.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(_handle);

    /// <summary>The row that the last INSERT made.</summary>
    public long LastRow => raw.sqlite3_last_insert_rowid(_handle);

    internal sqlite3 Handle => _handle;

    public static SqliteConnection OpenForWriting(string file) => Open(file, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);

    public static SqliteConnection OpenForReading(string file) => Open(file, raw.SQLITE_OPEN_READONLY);

    /// <summary>Runs one or several statements without parameters and results.</summary>
    public void Execute(string sql)
    {
        if (raw.sqlite3_exec(_handle, sql) != raw.SQLITE_OK) throw Failure();
    }

    /// <summary>The first column of the only row of a statement that is run once.</summary>
    public long QueryInt64(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : throw new SqliteException(raw.SQLITE_ERROR, $"{sql} answered nothing", File);
    }

    /// <summary>The first column of the only row of a statement that is run once.</summary>
    public string QueryText(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : throw new SqliteException(raw.SQLITE_ERROR, $"{sql} answered nothing", File);
    }

    /// <summary>The statement of this text, prepared at its first use and kept. One use at a time: dispose it before asking for it again.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (_statements.TryGetValue(sql, out var known))
        {
            if (_byUse.First != known)
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
            }

            return known.Value.Statement;
        }

        if (raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle) != raw.SQLITE_OK) throw Failure();
        var statement = new SqliteStatement(this, handle);
        _statements.Add(sql, _byUse.AddFirst((sql, statement)));
        if (_statements.Count > MaxStatements) ForgetOldest();
        return statement;
    }

    /// <summary>Ends a transaction without effect, unless a failure has ended it already.</summary>
    public void RollBack()
    {
        if (InTransaction) Execute("ROLLBACK");
    }

    /// <summary>
    /// Copies the whole database into another connection's, which must be empty. What the other holds is this connection's open transaction, or else the state at the
    /// first step.
    /// </summary>
    public void CopyTo(SqliteConnection destination, CancellationToken cancellationToken)
    {
        // Between two steps somebody may have cancelled; a thousand pages are four megabytes, some tens of milliseconds on a card.
        const int pagesInStep = 1000;
        using var backup = raw.sqlite3_backup_init(destination._handle, "main", _handle, "main");
        if (backup.IsInvalid) throw destination.Failure();

        int code;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            code = raw.sqlite3_backup_step(backup, pagesInStep);
        }
        while (code == raw.SQLITE_OK);

        // The handle's own disposal would swallow what finishing says.
        if (code != raw.SQLITE_DONE) throw new SqliteException(code, raw.sqlite3_errstr(code).utf8_to_string(), destination.File);
    }

    public SqliteException Failure() => new(raw.sqlite3_extended_errcode(_handle), raw.sqlite3_errmsg(_handle).utf8_to_string(), File);

    public void Dispose()
    {
        foreach (var (_, statement) in _byUse) statement.Free();
        _byUse.Clear();
        _statements.Clear();
        _handle.Dispose();
    }

    private static SqliteConnection Open(string file, int flags)
    {
        SqliteEngine.EnsureLoaded();

        // No mutex: a connection has one thread at a time.
        var code = raw.sqlite3_open_v2(file, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, vfs: null);
        var connection = new SqliteConnection(handle, file);
        if (code == raw.SQLITE_OK)
        {
            _ = raw.sqlite3_extended_result_codes(handle, 1);
            return connection;
        }

        var failure = connection.Failure();
        connection.Dispose();
        throw failure;
    }

    private void ForgetOldest()
    {
        var (sql, statement) = _byUse.Last!.Value;
        _byUse.RemoveLast();
        _statements.Remove(sql);
        statement.Free();
    }
}
