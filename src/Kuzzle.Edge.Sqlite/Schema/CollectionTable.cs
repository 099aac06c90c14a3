using System.Globalization;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Indexes;
using Kuzzle.Edge.Sqlite.Search;

namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>A collection and the table that holds its documents. Immutable.</summary>
internal sealed class CollectionTable(long number, CollectionName name, CollectionDefinition definition, IReadOnlyList<FieldIndex> indexes)
{
    private FieldMap? _fields;

    public long Number { get; } = number;

    public CollectionName Name { get; } = name;

    public CollectionDefinition Definition { get; } = definition;

    /// <summary>The table's name. A number of our own: nothing that a client sent is ever part of a statement.</summary>
    public string Table { get; } = string.Create(CultureInfo.InvariantCulture, $"documents_{number}");

    /// <summary>What the mapping says about fields. Two threads may both read it; either result is right.</summary>
    public FieldMap Fields => _fields ??= FieldMap.Of(Definition.Mapping);

    /// <summary>What its fields have of indexes, complete or not.</summary>
    public IReadOnlyList<FieldIndex> Indexes { get; } = indexes;

    public string FindSql { get; } = FindSqlOf(number);

    public string RowSql { get; } = string.Create(CultureInfo.InvariantCulture, $"SELECT id, version, source FROM documents_{number} WHERE seq = ?1");

    public string InsertSql { get; } = string.Create(CultureInfo.InvariantCulture, $"INSERT INTO documents_{number} (id, version, source) VALUES (?1, 1, ?2)");

    public string UpdateSql { get; } = string.Create(CultureInfo.InvariantCulture, $"UPDATE documents_{number} SET version = ?2, source = ?3 WHERE seq = ?1");

    public string DeleteSql { get; } = string.Create(CultureInfo.InvariantCulture, $"DELETE FROM documents_{number} WHERE seq = ?1");

    /// <summary>Without WHERE, so that SQLite frees the pages without looking at the rows.</summary>
    public string TruncateSql => $"DELETE FROM {Table}";

    public string DropSql => $"DROP TABLE {Table}";

    public string CreateSql =>
        $"CREATE TABLE {Table} (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, source TEXT NOT NULL) STRICT";

    /// <summary>One entry in the outbox for every document, as of a deleted one; those that had one are to be taken out before.</summary>
    public string OutboxDeletedSql =>
        $"INSERT INTO outbox (index_name, collection, id, priority, since) SELECT ?1, ?2, id, ?3, ?4 FROM {Table} ORDER BY seq";

    /// <summary>One entry in the outbox for each document behind a row up to another that has none.</summary>
    public string OutboxFillSql { get; } = string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO outbox (index_name, collection, id, priority, droppable, since, bytes)
        SELECT ?1, ?2, d.id, ?3, ?4, ?5, length(CAST(d.source AS BLOB)) FROM documents_{number} d
        WHERE d.seq > ?6 AND d.seq <= ?7 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.index_name = ?1 AND o.collection = ?2 AND o.id = d.id)
        ORDER BY d.seq RETURNING bytes
        """);

    /// <summary>How many documents are behind a row up to another, of so many at the most, and the last of these.</summary>
    public string PieceSql { get; } = string.Create(
        CultureInfo.InvariantCulture, $"SELECT count(*), coalesce(max(seq), 0) FROM (SELECT seq FROM documents_{number} WHERE seq > ?1 AND seq <= ?2 ORDER BY seq LIMIT ?3)");

    public string LastRowSql => $"SELECT coalesce(max(seq), 0) FROM {Table}";

    /// <summary>Takes out the entries of its documents. Those of deleted ones stay.</summary>
    public string OutboxNoneSql => $"DELETE FROM outbox WHERE index_name = ?1 AND collection = ?2 AND id IN (SELECT id FROM {Table})";

    public static string FindSqlOf(long number) =>
        string.Create(CultureInfo.InvariantCulture, $"SELECT version, source, seq FROM documents_{number} WHERE id = ?1");

    public CollectionTable With(CollectionDefinition definition) => new(Number, Name, definition, Indexes);

    public CollectionTable With(IReadOnlyList<FieldIndex> indexes) => new(Number, Name, Definition, indexes) { _fields = _fields };
}
