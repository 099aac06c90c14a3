namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>
/// The tables of <c>documents.db</c>. Documents of a collection are a table of their own, <c>documents_N</c>: a scan reads nothing
/// else, and truncating is O(1). It has a rowid, since rows then are appended in the order of creation (which settles ties of a search, and spares an SD
/// card the random writes of a table kept in order of identifiers); the unique index by identifier is a tenth of its size.
/// </summary>
internal static class DocumentSchema
{
    /// <summary>The current version. Its application id is "KzEd".</summary>
    public static readonly DatabaseSchema Current = new(
        applicationId: 0x4B7A4564,
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
        """
        CREATE TABLE field_indexes (
            number INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: a reader may still look for the table of a dropped index
            collection_number INTEGER NOT NULL,
            field TEXT NOT NULL,
            kind TEXT NOT NULL,
            built_to INTEGER, -- the row of the collection up to which it is complete; NULL when it is complete
            is_multi INTEGER NOT NULL, -- whether some document has, or had, several values
            UNIQUE (collection_number, field)
        ) STRICT;
        """,
        """
        ALTER TABLE outbox ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE outbox ADD COLUMN since INTEGER NOT NULL DEFAULT 0; -- milliseconds since 1970: since when something of the document has been waiting
        ALTER TABLE outbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE outbox ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0; -- milliseconds since 1970
        CREATE INDEX outbox_order ON outbox (priority DESC, sequence);
        CREATE TABLE upstream_marks (
            index_name TEXT NOT NULL,
            collection TEXT NOT NULL,
            id TEXT NOT NULL,
            fingerprint BLOB NOT NULL, -- of what the upstream is known to hold
            PRIMARY KEY (index_name, collection, id)
        ) STRICT, WITHOUT ROWID;
        """,
        """
        ALTER TABLE outbox ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0; -- of the document when it was entered; 0 for a deletion
        ALTER TABLE outbox ADD COLUMN droppable INTEGER NOT NULL DEFAULT 0;
        DROP INDEX outbox_order;
        CREATE INDEX outbox_ready ON outbox (priority DESC, sequence) WHERE not_before = 0; -- however many are deferred, the next ones are found at once
        CREATE INDEX outbox_deferred ON outbox (not_before) WHERE not_before > 0;
        CREATE INDEX outbox_droppable ON outbox (sequence) WHERE droppable = 1;
        CREATE INDEX outbox_since ON outbox (since);
        ALTER TABLE outbox_parked ADD COLUMN letter TEXT; -- the document that shows it
        CREATE INDEX outbox_parked_letter ON outbox_parked (letter);
        ALTER TABLE upstream_marks ADD COLUMN held_since INTEGER; -- milliseconds since 1970: since when it is the same there and here; NULL when it was removed here only
        CREATE INDEX upstream_marks_held ON upstream_marks (index_name, collection, held_since) WHERE held_since IS NOT NULL;
        """,
        """
        CREATE TABLE outbox_fills (
            collection_number INTEGER PRIMARY KEY, -- a collection whose documents are all being entered in the outbox
            reached INTEGER NOT NULL, -- the row up to which they are
            until INTEGER NOT NULL, -- the last row when it began: later ones were entered when they were written
            remaining INTEGER NOT NULL -- about how many are left
        ) STRICT;
        """);
}
