using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Moves an entry out of the way, unless its document has changed since: the upstream may accept what it is now.</summary>
internal sealed class ParkEntry(OutboxEntry entry, string reason, DateTimeOffset now) : WriteOperation<bool>
{
    protected override bool Perform(WriteContext context)
    {
        using (var delete = context.Connection.Prepare("DELETE FROM outbox WHERE sequence = ?1 RETURNING sequence"))
        {
            delete.Bind(1, entry.Sequence);
            if (!delete.Step()) return false;
            delete.Execute();
        }

        using var park = context.Connection.Prepare(
            "INSERT OR REPLACE INTO outbox_parked (sequence, index_name, collection, id, reason, parked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        park.Bind(1, entry.Sequence);
        park.Bind(2, entry.Collection.Index);
        park.Bind(3, entry.Collection.Collection);
        park.Bind(4, entry.Id);
        park.Bind(5, reason);
        park.Bind(6, now.ToUnixTimeMilliseconds());
        park.Execute();
        return true;
    }
}
