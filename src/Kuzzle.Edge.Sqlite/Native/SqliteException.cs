using Kuzzle.Edge.Api.Documents;
using SQLitePCL;

namespace Kuzzle.Edge.Sqlite.Native;

/// <summary>SQLite refused or failed. Kept inside this part: callers are told in terms of the store.</summary>
internal sealed class SqliteException(int code, string message, string file) : Exception(message)
{
    /// <summary>The extended result code.</summary>
    public int Code { get; } = code;

    /// <summary>Which file it was.</summary>
    public string File { get; } = file;

    /// <summary>The result code without its extension.</summary>
    public int PrimaryCode => Code & 0xFF;

    /// <summary>True when the operation was stopped by its own side, not by a fault.</summary>
    public bool IsInterrupt => PrimaryCode == raw.SQLITE_INTERRUPT;

    /// <summary>What happened, for the operator.</summary>
    public string Describe() => PrimaryCode switch
    {
        raw.SQLITE_FULL => $"The disk that holds {File} is full.",
        raw.SQLITE_IOERR => $"Reading or writing {File} failed (I/O error {Code}); the disk or card may be failing.",
        raw.SQLITE_READONLY => $"{File} cannot be written: it, its directory or its disk is read-only.",
        raw.SQLITE_CANTOPEN => $"{File} cannot be opened ({Message}); check that its directory exists and is writable.",
        raw.SQLITE_NOTADB => $"{File} is not a database. Move it away, or restore it from a backup.",
        raw.SQLITE_CORRUPT => $"{File} is corrupt ({Message}). Restore it from a backup.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"{File} is locked by another program.",
        raw.SQLITE_INTERRUPT => $"Reading {File} took too long and was given up.",
        raw.SQLITE_NOMEM => $"There is not enough memory to work on {File}.",
        _ => $"SQLite failed on {File}: {Message} ({Code}).",
    };

    /// <summary>The same for the program.</summary>
    public DocumentStoreFault Fault => PrimaryCode switch
    {
        raw.SQLITE_FULL => DocumentStoreFault.Full,
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN => DocumentStoreFault.Unwritable,
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => DocumentStoreFault.Corrupt,
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => DocumentStoreFault.InUse,
        _ => DocumentStoreFault.Disk,
    };

    /// <summary>What callers of the store are told, with this as its cause.</summary>
    public DocumentStoreException ToStoreException() => new(Describe(), this) { Fault = Fault };
}
