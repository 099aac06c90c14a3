using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>A piece of ending the waiting of what was deferred. Answers how many.</summary>
internal sealed class WakeEntries : WriteOperation<int>
{
    public override int Weight => OutboxTable.Piece;

    protected override int Perform(WriteContext context) => context.Outbox.Wake();
}
