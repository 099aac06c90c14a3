using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Takes delivered entries out, and what was parked of the same documents: the upstream has now accepted a newer state of them, and what it holds is noted.</summary>
internal sealed class RemoveEntries(IReadOnlyList<OutboxEntry> delivered) : WriteOperation<int>
{
    public override int Weight => Math.Max(1, delivered.Count);

    protected override int Perform(WriteContext context)
    {
        var removed = 0;
        foreach (var entry in delivered)
        {
            // A later change has moved the entry to another sequence, and it stays.
            var isLast = context.Outbox.Remove(entry.Sequence);
            if (isLast) removed++;
            context.NoteDelivered(entry, isLast ? context.Now : null);
        }

        return removed;
    }
}
