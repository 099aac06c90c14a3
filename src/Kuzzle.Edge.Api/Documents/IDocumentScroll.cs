namespace Kuzzle.Edge.Api.Documents;

/// <summary>The matches of a search as they were when it began, page by page. One call at a time. Who opened it disposes it.</summary>
public interface IDocumentScroll : IAsyncDisposable
{
    /// <summary>
    /// The next hits, at the most so many. The total is that of all matches; aggregations come with the first page. A refusal ends the scroll.
    /// </summary>
    ValueTask<SearchOutcome> NextAsync(int count, CancellationToken cancellationToken);
}
