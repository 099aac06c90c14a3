namespace Kuzzle.Edge.Api.Documents;

/// <summary>What a <see cref="DocumentWrite"/> did. By the time a caller has it, it has survived an fsync.</summary>
/// <param name="Kind">What was done, or why nothing was.</param>
/// <param name="Before">The document before, or null when there was none.</param>
/// <param name="After">The document after: null when it was deleted or is absent.</param>
public sealed record WriteOutcome(DocumentChangeKind Kind, StoredDocument? Before, StoredDocument? After)
{
    /// <summary>True when the write made a document that was not there.</summary>
    public bool Created => Kind == DocumentChangeKind.Put && Before is null;
}
