using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>
/// Whether there is room for writes: on the disk, and in the outbox. All writes of an operation are let in, or none. What removes something is always let in, and so is what
/// the product keeps for itself, which is little and without which nobody could log in to mend anything.
/// </summary>
internal sealed class Admission(WriteContext context)
{
    /// <summary>Why the writes are refused, or null.</summary>
    public DocumentStoreException? FindRefusal(CollectionName collection, IReadOnlyList<DocumentWrite> writes)
    {
        if (collection.Index == InternalIndex.Name) return null;

        var isShort = context.Disk.IsShort;
        var route = context.RouteOf(collection);
        var mayOverflow = route.GoesUp && context.Outbox.IsNearlyFull(writes.Count);
        if ((!isShort && !mayOverflow) || !context.Catalogue.TryGetTable(collection, out var table)) return null;

        var entries = 0;
        var bytes = 0L;
        foreach (var write in writes)
        {
            var change = write.Apply(WriteDocuments.Find(context, table, write.Id, out _));
            if (change.Kind != DocumentChangeKind.Put) continue;
            if (isShort)
            {
                context.Outbox.CountRefusal();
                return Refusals.NoRoom(context.Disk.FreeBytes, context.Options.DiskReserve);
            }

            if (write is UpstreamWrite || context.Outbox.Waits(collection, write.Id)) continue;
            entries++;
            bytes += change.Json.Length;
        }

        if (entries == 0 || context.Outbox.MakeRoomFor(entries, bytes)) return null;

        context.Outbox.CountRefusal();
        return Refusals.OutboxFull(context.Options.Outbox);
    }
}
