using System.Diagnostics;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Indexes;

/// <summary>A slice of the building of a collection's indexes; answers whether they are complete.</summary>
internal sealed class BuildIndexes(CollectionName name) : WriteOperation<bool>
{
    /// <summary>How long others' writes may wait for a slice. Shorter ones would spend their time on commits.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(25);

    protected override bool Perform(WriteContext context)
    {
        if (!context.Catalogue.TryGetTable(name, out var table)) return true;
        var started = Stopwatch.GetTimestamp();
        return context.Indexes.Build(context, table, () => Stopwatch.GetElapsedTime(started) >= Slice);
    }
}
