using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Security.Storage;

/// <summary>One write of a <see cref="SecurityChange"/>.</summary>
internal sealed class PendingWrite(CollectionName collection, DocumentWrite write)
{
    public CollectionName Collection { get; } = collection;

    public DocumentWrite Write { get; } = write;

    /// <summary>What became of it; null before the commit.</summary>
    public WriteOutcome? Outcome { get; set; }

    /// <summary>The document as it was stored; null when it was not.</summary>
    public StoredDocument? Stored => Outcome is { Kind: DocumentChangeKind.Put, After: { } after } ? after : null;

    public void IfStored(Action<StoredDocument> consequence)
    {
        if (Stored is { } stored) consequence(stored);
    }
}
