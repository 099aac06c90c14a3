using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Indexes;

/// <summary>Makes the indexes of a collection those that its mapping wants: after a start, when the program or its rules may be others.</summary>
internal sealed class ReconcileIndexes(CollectionName name) : WriteOperation<bool>
{
    protected override bool Perform(WriteContext context)
    {
        if (!context.Catalogue.TryGetTable(name, out var table)) return false;
        IndexWriter.Reconcile(context, table);
        return true;
    }
}
