using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Puts documents in the outbox as they are, but for those that were removed here only: the upstream is known to hold them.</summary>
internal sealed class EnqueueDocuments(CollectionName collection, IReadOnlyList<string> ids) : WriteOperation<int>
{
    public override int Weight => Math.Max(1, ids.Count);

    protected override int Perform(WriteContext context)
    {
        var count = 0;
        foreach (var id in ids)
        {
            if (!context.Exists(collection, id) && Marks.Find(context.Connection, collection, id) is not null) continue;

            context.AddToOutbox(collection, id);
            count++;
        }

        return count;
    }
}
