using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>Removes all documents of a collection.</summary>
internal sealed class TruncateCollection(CollectionName name) : WriteOperation<bool>
{
    protected override bool Perform(WriteContext context)
    {
        if (!context.Catalogue.TryGetTable(name, out var table)) return false;

        context.AddAllToOutbox(table);
        context.Connection.Execute(table.TruncateSql);
        return true;
    }
}
