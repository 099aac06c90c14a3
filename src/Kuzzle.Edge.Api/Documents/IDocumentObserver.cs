namespace Kuzzle.Edge.Api.Documents;

/// <summary>
/// Hears of what has become of documents, whoever changed them and however: each call comes after its commit and before whoever caused it has his answer. Calls come from
/// any thread, several at a time, and in no promised order; they must neither block nor throw.
/// </summary>
public interface IDocumentObserver
{
    /// <summary>Documents were written; outcomes that changed nothing are among them.</summary>
    void Written(CollectionName collection, IReadOnlyList<WriteOutcome> outcomes);

    /// <summary>All documents of a collection were removed at once, and perhaps the collection itself.</summary>
    void Emptied(CollectionName collection);

    /// <summary>Indexes were removed with all that was in them.</summary>
    void Removed(IReadOnlyList<string> indexes);
}
