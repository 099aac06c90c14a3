using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>
/// A piece of bringing the outbox in step with changed routes. What waits of a collection that does not go up any more is taken out, and what the upstream holds of it is not known
/// any more: a rule that comes back later begins anew. What still goes up gets its new priority. Answers where to go on; null when all is done.
/// </summary>
/// <param name="place">Where.</param>
/// <param name="before">Which ways collections went before; null when that is not known, as after a start.</param>
internal sealed class FollowRoutes(RoutePlace place, Func<CollectionName, UpstreamRoute>? before) : WriteOperation<RoutePlace?>
{
    private const int Piece = 1000;

    protected override RoutePlace? Perform(WriteContext context) => place.InMarks ? ForgetMarks(context) : FollowEntries(context);

    private RoutePlace? FollowEntries(WriteContext context)
    {
        if (context.Outbox.FindCollection(place.Done) is not { } collection) return RoutePlace.First with { InMarks = true };

        var route = context.RouteOf(collection);
        if (!route.GoesUp)
        {
            var taken = context.Outbox.TakeSome(collection);
            foreach (var id in taken) Marks.Set(context.Connection, collection, id, mark: null, heldSince: null);
            return place; // Here again, until there is nothing.
        }

        if (before?.Invoke(collection) is not { } old || (old.Priority == route.Priority && old.MayBeDropped == route.MayBeDropped)) return place.Behind(collection);
        return context.Outbox.Reroute(collection, place.After, route) is { } last ? place with { After = last } : place.Behind(collection);
    }

    private RoutePlace? ForgetMarks(WriteContext context)
    {
        if (Marks.FindCollection(context.Connection, place.Done) is not { } collection) return null;

        var route = context.RouteOf(collection);
        if (route.GoesUp || route.ComesDown) return place.Behind(collection);
        return Marks.ForgetSome(context.Connection, collection, Piece) ? place : place.Behind(collection);
    }
}
