using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Puts every document of a collection in the outbox, if it goes up at all.</summary>
internal sealed class EnqueueCollection(CollectionName name) : WriteOperation<long?>
{
    protected override long? Perform(WriteContext context)
    {
        if (!context.Catalogue.TryGetTable(name, out var table)) return null;

        if (context.RouteOf(name) is { GoesUp: true } route)
        {
            if (!context.Outbox.HasRoomFor(context.Connection.QueryInt64($"SELECT count(*) FROM {table.Table}"), bytes: 0))
            {
                context.Outbox.CountRefusal();
                Refuse(Refusals.OutboxFull(context.Options.Outbox));
                return null;
            }

            context.Outbox.AddAll(table, route, asDeleted: false);
        }

        using var count = context.Connection.Prepare("SELECT count(*) FROM outbox WHERE index_name = ?1 AND collection = ?2");
        count.Bind(1, name.Index);
        count.Bind(2, name.Collection);
        count.Step();
        return count.Int64(0);
    }
}
