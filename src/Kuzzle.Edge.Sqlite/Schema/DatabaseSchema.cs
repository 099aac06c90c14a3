using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>
/// The tables, and how older files become this version. Documents of a collection are a table of their own, <c>documents_N</c>: a scan reads nothing
/// else, and truncating is O(1). It has a rowid, since rows then are appended in the order of creation (which settles ties of a search, and spares an SD
/// card the random writes of a table kept in order of identifiers); the unique index by identifier is a tenth of its size.
/// </summary>
internal static class DatabaseSchema
{
    /// <summary>"KzEd", in the header of the file, so that another program's database is told from ours.</summary>
    private const int ApplicationId = 0x4B7A4564;

    /// <summary>Each entry takes a file from the version of its position to the next. Entries are never edited, only added.</summary>
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE indexes (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE collections (
            number INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: a reader may still look for the table of a deleted collection
            index_number INTEGER NOT NULL REFERENCES indexes (number),
            name TEXT NOT NULL,
            mapping TEXT NOT NULL,
            settings TEXT NOT NULL,
            UNIQUE (index_number, name)
        ) STRICT;
        CREATE TABLE outbox (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            index_name TEXT NOT NULL,
            collection TEXT NOT NULL,
            id TEXT NOT NULL,
            UNIQUE (index_name, collection, id)
        ) STRICT;
        CREATE TABLE outbox_parked (
            sequence INTEGER PRIMARY KEY,
            index_name TEXT NOT NULL,
            collection TEXT NOT NULL,
            id TEXT NOT NULL,
            reason TEXT NOT NULL,
            parked_at INTEGER NOT NULL, -- milliseconds since 1970
            UNIQUE (index_name, collection, id)
        ) STRICT;
        """,
    ];

    /// <summary>Makes the database ours, or brings it up to date.</summary>
    public static void Bring(SqliteConnection connection)
    {
        var version = connection.QueryInt64("PRAGMA user_version");
        var application = connection.QueryInt64("PRAGMA application_id");
        if (version > Migrations.Length)
        {
            throw new DocumentStoreException(
                $"{connection.File} was written by a newer version of this program (schema {version}; this one knows up to {Migrations.Length}). "
                + "Upgrade the program.")
            { Fault = DocumentStoreFault.Corrupt };
        }

        if (application != ApplicationId && (application != 0 || connection.QueryInt64("SELECT count(*) FROM sqlite_schema") != 0))
        {
            throw new DocumentStoreException($"{connection.File} is another program's database. Choose another storage directory, or move the file away.") { Fault = DocumentStoreFault.Corrupt };
        }

        if (version == Migrations.Length) return;

        connection.Execute("BEGIN IMMEDIATE");
        for (var step = (int)version; step < Migrations.Length; step++) connection.Execute(Migrations[step]);
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Migrations.Length}"));
        connection.Execute("COMMIT");
    }
}
