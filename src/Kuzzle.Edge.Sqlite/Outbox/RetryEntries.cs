using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Puts back what was parked, as it is now, and ends the waiting of what was deferred.</summary>
internal sealed class RetryEntries : WriteOperation<long>
{
    protected override long Perform(WriteContext context)
    {
        var parked = context.Outbox.TakeParked();
        foreach (var (collection, id) in parked)
        {
            context.DeadLetters.Remove(context, collection, id);
            context.Outbox.Add(collection, id, context.RouteOf(collection), BytesOf(context, collection, id));
        }

        return parked.Count + context.Outbox.Wake();
    }

    private static long BytesOf(WriteContext context, CollectionName collection, string id)
    {
        if (!context.Catalogue.TryGetTable(collection, out var table)) return 0;

        using var find = context.Connection.Prepare(table.FindSql);
        find.Bind(1, id);
        return find.Step() ? find.Utf8(1).Length : 0;
    }
}
