using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Outbox;

/// <summary>How far the outbox follows changed routes.</summary>
/// <param name="InMarks">Whether all entries are done with, and it is about what the upstream is known to hold.</param>
/// <param name="Done">The last collection, in the order of their names, that is done with.</param>
/// <param name="After">The last document of the next one that is.</param>
internal readonly record struct RoutePlace(bool InMarks, CollectionName Done, string After)
{
    /// <summary>Where it begins.</summary>
    public static RoutePlace First { get; } = new(InMarks: false, new CollectionName("", ""), "");

    /// <summary>Behind a collection.</summary>
    public RoutePlace Behind(CollectionName collection) => this with { Done = collection, After = "" };
}
