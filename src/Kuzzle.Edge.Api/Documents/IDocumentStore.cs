using System.Text.Json;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>
/// Durable documents in collections in indexes. What an awaited call has done has survived an fsync. Calls may come from any thread; none of them
/// blocks the caller's thread on the disk. A call that fails for the disk's sake throws <see cref="DocumentStoreException"/>.
/// </summary>
public interface IDocumentStore
{
    /// <summary>What exists now. A change of the catalogue is seen here before its call completes.</summary>
    Catalogue Catalogue { get; }

    /// <summary>Creates an index. False when it exists already.</summary>
    Task<bool> CreateIndexAsync(string index, CancellationToken cancellationToken);

    /// <summary>Removes indexes with all that is in them; unknown names are passed over. Answers the names that were removed.</summary>
    Task<IReadOnlyList<string>> DeleteIndexesAsync(IReadOnlyList<string> indexes, CancellationToken cancellationToken);

    /// <summary>
    /// Creates a collection (and its index, when missing), or replaces the definition of one that exists: <paramref name="define"/> is given what is
    /// there (null when new) and answers what shall be there. It runs inside the transaction and must be pure.
    /// </summary>
    Task DefineCollectionAsync(CollectionName name, Func<CollectionDefinition?, CollectionDefinition> define, CancellationToken cancellationToken);

    /// <summary>Removes a collection with its documents. False when it did not exist.</summary>
    Task<bool> DeleteCollectionAsync(CollectionName name, CancellationToken cancellationToken);

    /// <summary>Removes all documents of a collection. False when it did not exist.</summary>
    Task<bool> TruncateAsync(CollectionName name, CancellationToken cancellationToken);

    /// <summary>How much each of these collections holds, in their order; one that does not exist (any more) holds nothing. Documents are counted; of a large collection, some of them are measured.</summary>
    ValueTask<IReadOnlyList<CollectionSize>> MeasureAsync(IReadOnlyList<CollectionName> collections, CancellationToken cancellationToken);

    /// <summary>The indexes that the store keeps for a collection's fields; nothing where it keeps none.</summary>
    IReadOnlyList<FieldIndexState> IndexesOf(CollectionName collection) => [];

    /// <summary>The document, or null.</summary>
    ValueTask<StoredDocument?> FindAsync(CollectionName collection, string id, CancellationToken cancellationToken);

    /// <summary>The documents of these ids, in their order, null where there is none.</summary>
    ValueTask<IReadOnlyList<StoredDocument?>> FindAsync(CollectionName collection, IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Applies the writes in order, in one transaction, each on the result of those before it. One refused write does not stop the others. Not
    /// cancellable once queued: it will be committed, whoever still listens. Answers null when the collection does not exist (any more).
    /// </summary>
    Task<IReadOnlyList<WriteOutcome>?> WriteAsync(CollectionName collection, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken);

    /// <summary>
    /// Applies writes of several collections in order, in one transaction: a power cut leaves all of them or none. Otherwise as the writes of one collection. Answers null when one
    /// of the collections does not exist (any more): then nothing was written.
    /// </summary>
    Task<IReadOnlyList<WriteOutcome>?> WriteAsync(IReadOnlyList<(CollectionName Collection, DocumentWrite Write)> writes, CancellationToken cancellationToken);

    /// <summary>Searches; a clause that this store does not know is a refusal that names it.</summary>
    ValueTask<SearchOutcome> SearchAsync(SearchRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Begins a search whose pages all come from one state of the documents. The request's size has no effect; what it asks wrongly is told by the first page.
    /// Answers null when too many are open.
    /// </summary>
    ValueTask<IDocumentScroll?> OpenScrollAsync(SearchRequest request, CancellationToken cancellationToken);

    /// <summary>Counts what a query (<c>{}</c> or undefined: everything) matches: the outcome's total, without hits.</summary>
    ValueTask<SearchOutcome> CountAsync(CollectionName collection, JsonElement query, CancellationToken cancellationToken);

    /// <summary>
    /// Walks through what a query (<c>{}</c> or undefined: everything) matches, step by step, in the order in which documents were first stored. A step holds few enough
    /// documents to be kept in memory. Of what is written between the steps, some may be met; no document is met twice, and none that stays is missed.
    /// </summary>
    /// <param name="collection">Where; a collection that does not exist (any more) holds nothing.</param>
    /// <param name="query">Which documents.</param>
    /// <param name="after">0 at the beginning, then <see cref="DocumentPage.Next"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<DocumentPage> WalkAsync(CollectionName collection, JsonElement query, long after, CancellationToken cancellationToken);
}
