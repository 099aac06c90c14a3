using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Notes what the upstream holds as <see cref="RemoveEntries"/> does, and lets the entries wait for their second delivery. One whose document has changed since goes as soon as it can.</summary>
internal sealed class RepeatEntries(IReadOnlyList<OutboxEntry> delivered, DateTimeOffset at) : WriteOperation<int>
{
    public override int Weight => Math.Max(1, delivered.Count);

    protected override int Perform(WriteContext context)
    {
        foreach (var entry in delivered)
        {
            context.Outbox.Repeat(entry.Sequence, at.ToUnixTimeMilliseconds());
            context.NoteDelivered(entry, heldSince: null);
        }

        return delivered.Count;
    }
}
