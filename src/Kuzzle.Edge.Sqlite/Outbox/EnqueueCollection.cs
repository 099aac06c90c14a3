using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>Notes that every document of a collection is to be put in the outbox, if it goes up at all. Answers how many it has; null when there is no such collection.</summary>
/// <param name="name">The collection.</param>
/// <param name="start">What becomes of it when that has begun already.</param>
internal sealed class EnqueueCollection(CollectionName name, FillStart start) : WriteOperation<long?>
{
    protected override long? Perform(WriteContext context)
    {
        if (!context.Catalogue.TryGetTable(name, out var table)) return null;
        var documents = context.RouteOf(name).GoesUp ? context.CountOf(table) : 0;
        if (documents == 0) return 0;

        var underWay = start == FillStart.Anew ? context.Outbox.RemainingOf(table) : 0;
        if (context.Outbox.HasRoomFor(documents - underWay, bytes: 0))
        {
            if (start == FillStart.Anew) context.Outbox.EndFill(table.Number, underWay);
            context.Outbox.BeginFill(table, documents);
            return documents;
        }

        context.Outbox.CountRefusal();
        Refuse(Refusals.OutboxFull(context.Options.Outbox));
        return null;
    }
}
