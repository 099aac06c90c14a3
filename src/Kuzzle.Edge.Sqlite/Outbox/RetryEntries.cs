using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>A piece of putting back what was parked, as it is now. Answers how many; none when all are.</summary>
/// <param name="last">What was parked later stays.</param>
internal sealed class RetryEntries(long last) : WriteOperation<int>
{
    public override int Weight => OutboxTable.Piece;

    protected override int Perform(WriteContext context)
    {
        var parked = context.Outbox.TakeParked(last);
        foreach (var (collection, id) in parked)
        {
            context.DeadLetters.Remove(context, collection, id);
            context.AddToOutbox(collection, id);
        }

        return parked.Count;
    }
}
