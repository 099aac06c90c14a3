using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Indexes;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>Removes a collection with its documents.</summary>
internal sealed class DeleteCollection(CollectionName name) : WriteOperation<bool>
{
    /// <summary>False when there is no such collection.</summary>
    public static bool Remove(WriteContext context, CollectionName name)
    {
        if (!context.Catalogue.TryGetTable(name, out var table)) return false;

        context.TellOfRemovals(table);
        using (var delete = context.Connection.Prepare("DELETE FROM collections WHERE number = ?1"))
        {
            delete.Bind(1, table.Number);
            delete.Execute();
        }

        IndexWriter.DropAll(context, table);
        context.Connection.Execute(table.DropSql);
        context.Counts.Remove(table.Number);
        context.Catalogue = context.Catalogue.WithoutTable(name);
        return true;
    }

    protected override bool Perform(WriteContext context) => Remove(context, name);
}
