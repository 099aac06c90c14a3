using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Indexes;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>Removes all documents of a collection.</summary>
internal sealed class TruncateCollection(CollectionName name) : WriteOperation<bool>
{
    protected override bool Perform(WriteContext context)
    {
        if (!context.Catalogue.TryGetTable(name, out var table)) return false;

        context.TellOfRemovals(table);
        context.Connection.Execute(table.TruncateSql);
        context.Counts.Set(table.Number, 0);
        IndexWriter.Clear(context, table);
        return true;
    }
}
