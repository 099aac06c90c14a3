using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Puts documents in the outbox as they are.</summary>
internal sealed class EnqueueDocuments(CollectionName collection, IReadOnlyList<string> ids) : WriteOperation<int>
{
    public override int Weight => Math.Max(1, ids.Count);

    protected override int Perform(WriteContext context)
    {
        foreach (var id in ids) context.AddToOutbox(collection, id);
        return ids.Count;
    }
}
