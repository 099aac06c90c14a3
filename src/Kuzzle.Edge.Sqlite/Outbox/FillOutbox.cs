using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>A piece of entering a whole collection in the outbox; how far it is is in the same transaction. False when nothing is left to do.</summary>
internal sealed class FillOutbox : WriteOperation<bool>
{
    protected override bool Perform(WriteContext context) =>
        context.Outbox.Fill(number => context.Catalogue.Tables.FirstOrDefault(table => table.Number == number), context.RouteOf);
}
