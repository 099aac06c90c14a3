using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>A piece of forgetting what the upstream is known to hold. Answers the last collection, in the order of their names, that is done with; null when all are.</summary>
/// <param name="done">Those up to this one are.</param>
/// <param name="isMeant">Which collections.</param>
internal sealed class ForgetMarks(CollectionName done, Func<CollectionName, bool> isMeant) : WriteOperation<CollectionName?>
{
    private const int Piece = 1000;

    protected override CollectionName? Perform(WriteContext context)
    {
        if (Marks.FindCollection(context.Connection, done) is not { } collection) return null;
        return isMeant(collection) && Marks.ForgetSome(context.Connection, collection, Piece) ? done : collection; // Here again, until there is nothing.
    }
}
