using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Testing;

/// <summary>Pages of hits that were all found at once.</summary>
internal sealed class InMemoryScroll(SearchOutcome found) : IDocumentScroll
{
    private int _at;

    public ValueTask<SearchOutcome> NextAsync(int count, CancellationToken cancellationToken)
    {
        var page = found with { Hits = [.. found.Hits.Skip(_at).Take(count)] };
        _at += page.Hits.Count;
        return ValueTask.FromResult(page);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
