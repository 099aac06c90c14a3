using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Notes what the upstream holds, and lets the entries wait for their second delivery. One whose document has changed since goes as soon as it can.</summary>
internal sealed class RepeatEntries(IReadOnlyList<OutboxEntry> delivered, DateTimeOffset at) : WriteOperation<int>
{
    public override int Weight => Math.Max(1, delivered.Count);

    protected override int Perform(WriteContext context)
    {
        foreach (var entry in delivered)
        {
            using var wait = context.Connection.Prepare("UPDATE outbox SET attempts = 0, not_before = ?2 WHERE sequence = ?1");
            wait.Bind(1, entry.Sequence);
            wait.Bind(2, at.ToUnixTimeMilliseconds());
            wait.Execute();
            Marks.Set(context.Connection, entry.Collection, entry.Id, entry.Known);
        }

        return delivered.Count;
    }
}
