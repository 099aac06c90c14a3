using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>
/// Counts a collection that is not known yet, between two writes: from then on the count follows every commit. A million documents take some ten milliseconds, once
/// after a start.
/// </summary>
internal sealed class CountDocuments(CollectionName name) : WriteOperation<long>
{
    protected override long Perform(WriteContext context) => context.Catalogue.TryGetTable(name, out var table) ? context.CountOf(table) : 0;
}
