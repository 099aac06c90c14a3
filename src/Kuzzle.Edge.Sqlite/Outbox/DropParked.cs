using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Gives up what was refused for good.</summary>
internal sealed class DropParked : WriteOperation<long>
{
    protected override long Perform(WriteContext context)
    {
        var parked = context.Outbox.TakeParked();
        context.Outbox.GiveUp(parked);
        foreach (var (collection, id) in parked) context.DeadLetters.Remove(context, collection, id);
        return parked.Count;
    }
}
