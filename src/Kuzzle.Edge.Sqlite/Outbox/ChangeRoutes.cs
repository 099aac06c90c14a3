using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>From the next operation on, documents go other ways. Answers those of before.</summary>
internal sealed class ChangeRoutes(Func<CollectionName, UpstreamRoute> routeOf) : WriteOperation<Func<CollectionName, UpstreamRoute>>
{
    private Func<CollectionName, UpstreamRoute>? _before;

    protected override Func<CollectionName, UpstreamRoute> Perform(WriteContext context)
    {
        _before ??= context.RouteOf; // It is performed again when its neighbours in the transaction fail.
        context.RouteOf = routeOf;
        return _before;
    }
}
