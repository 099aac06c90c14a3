using System.Globalization;
using Kuzzle.Edge.Sqlite.Search.Fields;

namespace Kuzzle.Edge.Sqlite.Indexes;

/// <summary>
/// The index of one mapped field: a table of its own with a row for each value of each document, read by the field's kind, or for a text the full-text index of
/// its words. Immutable.
/// </summary>
/// <param name="Number">Its number, never used twice.</param>
/// <param name="Field">The field.</param>
/// <param name="BuiltTo">Up to which row of the collection it is complete, or null when it is complete altogether.</param>
/// <param name="IsMulti">Whether some document has (or had) several values.</param>
internal sealed record FieldIndex(long Number, Field Field, long? BuiltTo, bool IsMulti)
{
    public bool IsReady => BuiltTo is null;

    public bool IsText => Field.Kind == FieldKind.Text;

    public string Table { get; } = string.Create(CultureInfo.InvariantCulture, $"{(Field.Kind == FieldKind.Text ? "words" : "values")}_{Number}");

    /// <summary>How the kind is stored: changing a name makes the index anew.</summary>
    public static string KindName(FieldKind kind) => kind switch
    {
        FieldKind.Keyword => "keyword",
        FieldKind.Number => "number",
        FieldKind.Boolean => "boolean",
        FieldKind.Date => "date",
        FieldKind.Text => "text",
        _ => "none",
    };

    /// <summary>No content is kept beside the words, nor the number of words: a document's own source has the one, and nobody asks for the other.</summary>
    public string CreateSql => IsText
        ? $"CREATE VIRTUAL TABLE {Table} USING fts5 (w, content = '', columnsize = 0, tokenize = 'ascii')"
        : $"CREATE TABLE {Table} (v ANY NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (v, seq)) WITHOUT ROWID, STRICT";

    public string DropSql => $"DROP TABLE {Table}";

    public string ClearSql => IsText ? $"INSERT INTO {Table} ({Table}) VALUES ('delete-all')" : $"DELETE FROM {Table}";

    public string AddSql { get; } = Field.Kind == FieldKind.Text
        ? string.Create(CultureInfo.InvariantCulture, $"INSERT INTO words_{Number} (rowid, w) VALUES (?1, ?2)")
        : string.Create(CultureInfo.InvariantCulture, $"INSERT OR IGNORE INTO values_{Number} (v, seq) VALUES (?2, ?1)");

    public string RemoveSql { get; } = Field.Kind == FieldKind.Text
        ? string.Create(CultureInfo.InvariantCulture, $"INSERT INTO words_{Number} (words_{Number}, rowid, w) VALUES ('delete', ?1, ?2)")
        : string.Create(CultureInfo.InvariantCulture, $"DELETE FROM values_{Number} WHERE v = ?2 AND seq = ?1");

    /// <summary>Whether a row's changes are to be followed: those behind are still to be read when the index is built.</summary>
    public bool Follows(long seq) => BuiltTo is not { } built || seq <= built;
}
