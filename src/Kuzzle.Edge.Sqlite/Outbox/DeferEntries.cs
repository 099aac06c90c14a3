using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Lets entries wait until a moment. One whose document has changed since is a new entry, and not meant.</summary>
internal sealed class DeferEntries(IReadOnlyList<OutboxEntry> entries, DateTimeOffset until) : WriteOperation<int>
{
    public override int Weight => Math.Max(1, entries.Count);

    protected override int Perform(WriteContext context)
    {
        foreach (var entry in entries) context.Outbox.Defer(entry.Sequence, until.ToUnixTimeMilliseconds());
        return entries.Count;
    }
}
