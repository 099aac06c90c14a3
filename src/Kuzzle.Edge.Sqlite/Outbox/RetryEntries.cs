using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Puts back what was parked, as it is now, and ends the waiting of what was deferred.</summary>
internal sealed class RetryEntries : WriteOperation<long>
{
    protected override long Perform(WriteContext context)
    {
        var parked = new List<(CollectionName Collection, string Id)>();
        using (var take = context.Connection.Prepare("DELETE FROM outbox_parked RETURNING index_name, collection, id"))
        {
            while (take.Step()) parked.Add((new CollectionName(take.Text(0), take.Text(1)), take.Text(2)));
        }

        foreach (var (collection, id) in parked) context.AddToOutbox(collection, id);

        var count = (long)parked.Count;
        using (var wake = context.Connection.Prepare("UPDATE outbox SET attempts = 0, not_before = 0 WHERE not_before > 0 RETURNING 1"))
        {
            while (wake.Step()) count++;
        }

        context.OutboxGrew |= count > 0;
        return count;
    }
}
