using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>Walks through collections from their first document to their last.</summary>
public static class CollectionWalk
{
    /// <summary>What a query (<c>{}</c> or undefined: everything) matches, in steps of as many documents as may be in memory, none of them empty. Otherwise as <see cref="IDocumentStore.WalkAsync"/>.</summary>
    /// <param name="store">Where the collection is.</param>
    /// <param name="collection">Which; one that does not exist holds nothing.</param>
    /// <param name="query">Which documents.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DocumentStoreException">The store fails, or does not know the query.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<StoredDocument>> PagesAsync(
        this IDocumentStore store, CollectionName collection, JsonElement query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long? next = 0; next is { } after;)
        {
            var page = await store.WalkAsync(collection, query, after, cancellationToken);
            if (page.Refusal is { } refusal) throw new DocumentStoreException(refusal.Message);

            next = page.Next;
            if (page.Documents.Count > 0) yield return page.Documents;
        }
    }

    /// <summary>All documents of a collection that holds few enough to be kept in memory.</summary>
    /// <param name="store">Where the collection is.</param>
    /// <param name="collection">Which; one that does not exist holds nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DocumentStoreException">The store fails.</exception>
    public static async Task<IReadOnlyList<StoredDocument>> AllAsync(this IDocumentStore store, CollectionName collection, CancellationToken cancellationToken)
    {
        var all = new List<StoredDocument>();
        await foreach (var page in store.PagesAsync(collection, query: default, cancellationToken)) all.AddRange(page);
        return all;
    }
}
