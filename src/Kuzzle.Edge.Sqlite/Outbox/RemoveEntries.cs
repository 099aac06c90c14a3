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
            using (var delete = context.Connection.Prepare("DELETE FROM outbox WHERE sequence = ?1 RETURNING sequence"))
            {
                delete.Bind(1, entry.Sequence);
                if (delete.Step()) removed++;
                delete.Execute();
            }

            using var unpark = context.Connection.Prepare("DELETE FROM outbox_parked WHERE index_name = ?1 AND collection = ?2 AND id = ?3");
            unpark.Bind(1, entry.Collection.Index);
            unpark.Bind(2, entry.Collection.Collection);
            unpark.Bind(3, entry.Id);
            unpark.Execute();
            Marks.Set(context.Connection, entry.Collection, entry.Id, entry.Known);
        }

        return removed;
    }
}
