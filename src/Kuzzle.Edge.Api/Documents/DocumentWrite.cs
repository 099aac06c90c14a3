namespace Kuzzle.Edge.Api.Documents;

/// <summary>
/// One change of one document. The store reads the document as it is, asks <see cref="Apply"/> what it shall become, and stores that, all within one
/// transaction; so a change is atomic whatever it does, and stores need to know nothing about Kuzzle's actions.
/// </summary>
public abstract class DocumentWrite(string id)
{
    /// <summary>The document's identifier.</summary>
    public string Id { get; } = id;

    /// <summary>
    /// What becomes of the document. Must be pure: a store may call it again when a transaction is repeated, on any thread.
    /// </summary>
    /// <param name="current">The document as it is, or null when there is none.</param>
    public abstract DocumentChange Apply(StoredDocument? current);
}
