using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Reading;
using Kuzzle.Edge.Sqlite.Schema;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>Reads documents by their rows, within the state of the database that a search sees.</summary>
internal sealed class HitReader(ReadConnection connection, IReadOnlyList<CollectionTable> tables)
{
    public CollectionTable Table(int target) => tables[target];

    public StoredDocument Read(int target, long row)
    {
        var table = tables[target];
        using var find = connection.Database.Prepare(table.RowSql);
        find.Bind(1, row);
        if (!find.Step()) throw new InvalidOperationException($"Row {row} of {table.Name} vanished within one transaction.");
        return new StoredDocument(find.Text(0), find.Utf8(2).ToArray(), find.Int64(1));
    }
}
