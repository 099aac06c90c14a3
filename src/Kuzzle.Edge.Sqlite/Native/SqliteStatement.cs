using System.Text;
using SQLitePCL;

namespace Kuzzle.Edge.Sqlite.Native;

/// <summary>A prepared statement that its connection keeps. Disposing makes it ready for its next use; the connection frees it.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt handle) : IDisposable
{
    /// <summary>Which file it works on.</summary>
    public string File => connection.File;

    /// <summary>Binds text; parameters count from 1.</summary>
    public void Bind(int parameter, ReadOnlySpan<byte> utf8)
    {
        // An empty span has no address, and SQLite takes text without an address for NULL.
        if (utf8.IsEmpty) Check(raw.sqlite3_bind_text(handle, parameter, ""));
        else Check(raw.sqlite3_bind_text(handle, parameter, utf8));
    }

    public void Bind(int parameter, string text)
    {
        Span<byte> buffer = stackalloc byte[256];
        if (Encoding.UTF8.TryGetBytes(text, buffer, out var written)) Bind(parameter, buffer[..written]);
        else Bind(parameter, Encoding.UTF8.GetBytes(text));
    }

    public void BindBlob(int parameter, ReadOnlySpan<byte> blob)
    {
        // As with text: no bytes are not NULL.
        if (blob.IsEmpty) Check(raw.sqlite3_bind_zeroblob(handle, parameter, 0));
        else Check(raw.sqlite3_bind_blob(handle, parameter, blob));
    }

    public void Bind(int parameter, long value) => Check(raw.sqlite3_bind_int64(handle, parameter, value));

    public void Bind(int parameter, double value) => Check(raw.sqlite3_bind_double(handle, parameter, value));

    public void BindNull(int parameter) => Check(raw.sqlite3_bind_null(handle, parameter));

    /// <summary>True when there is a row to read; false at the end.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code != raw.SQLITE_DONE) throw connection.Failure();
        return false;
    }

    public void Execute()
    {
        while (Step())
        {
            // A statement that answers rows nobody wants must still run to its end.
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public bool IsInteger(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_INTEGER;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public double Real(int column) => raw.sqlite3_column_double(handle, column);

    /// <summary>The bytes of text, valid until the next step.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(handle, column);

    /// <summary>The bytes of a blob, valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    public void Dispose()
    {
        // The result of a reset repeats the failure of the last step, which was reported then.
        _ = raw.sqlite3_reset(handle);
        _ = raw.sqlite3_clear_bindings(handle);
    }

    internal void Free() => handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw connection.Failure();
    }
}
