using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Lets entries wait until a moment. One whose document has changed since is a new entry, and not meant.</summary>
internal sealed class DeferEntries(IReadOnlyList<OutboxEntry> entries, DateTimeOffset until) : WriteOperation<int>
{
    public override int Weight => Math.Max(1, entries.Count);

    protected override int Perform(WriteContext context)
    {
        foreach (var entry in entries)
        {
            using var defer = context.Connection.Prepare("UPDATE outbox SET attempts = attempts + 1, not_before = ?2 WHERE sequence = ?1");
            defer.Bind(1, entry.Sequence);
            defer.Bind(2, until.ToUnixTimeMilliseconds());
            defer.Execute();
        }

        return entries.Count;
    }
}
