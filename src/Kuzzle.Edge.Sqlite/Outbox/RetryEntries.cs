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
            context.AddToOutbox(collection, id);
        }

        return parked.Count + context.Outbox.Wake();
    }
}
