using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>Removes indexes with all their collections.</summary>
internal sealed class DeleteIndexes(IReadOnlyList<string> indexes) : WriteOperation<IReadOnlyList<string>>
{
    protected override IReadOnlyList<string> Perform(WriteContext context)
    {
        var removed = new List<string>(indexes.Count);
        foreach (var index in indexes)
        {
            if (!context.Catalogue.TryGetIndex(index, out var number) || !context.Catalogue.Catalogue.TryGetIndex(index, out var entry)) continue;

            foreach (var collection in entry.CollectionNames) DeleteCollection.Remove(context, new CollectionName(index, collection));
            using var delete = context.Connection.Prepare("DELETE FROM indexes WHERE number = ?1");
            delete.Bind(1, number);
            delete.Execute();
            context.Catalogue = context.Catalogue.WithoutIndex(index);
            removed.Add(index);
        }

        return removed;
    }
}
