using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Moves an entry out of the way, unless its document has changed since: the upstream may accept what it is now.</summary>
internal sealed class ParkEntry(OutboxEntry entry, string reason) : WriteOperation<bool>
{
    protected override bool Perform(WriteContext context)
    {
        if (!context.Outbox.Remove(entry.Sequence)) return false;

        context.Outbox.Park(entry, reason, context.Now);
        context.DeadLetters.Show(context, entry, reason, context.Now);
        return true;
    }
}
