using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>A piece of giving up what was refused for good. Answers how many; none when all are.</summary>
/// <param name="last">What was refused later stays.</param>
internal sealed class DropParked(long last) : WriteOperation<int>
{
    public override int Weight => OutboxTable.Piece;

    protected override int Perform(WriteContext context)
    {
        var parked = context.Outbox.TakeParked(last);
        context.Outbox.GiveUp(parked);
        foreach (var (collection, id) in parked) context.DeadLetters.Remove(context, collection, id);
        return parked.Count;
    }
}
