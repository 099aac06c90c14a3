using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>A document that must reach the upstream: not the change itself but the fact that it changed, so repeated changes are one entry.</summary>
/// <param name="Sequence">Grows with every change; a later change of the same document moves its entry to the end.</param>
/// <param name="Collection">The document's collection.</param>
/// <param name="Id">The document's identifier.</param>
/// <param name="Document">The document as it is now, or null when it was deleted.</param>
public sealed record OutboxEntry(long Sequence, CollectionName Collection, string Id, StoredDocument? Document)
{
    /// <summary>How often the upstream could not take it.</summary>
    public int Attempts { get; init; }

    /// <summary>Since when a change of the document waits.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>How urgent it is.</summary>
    public int Priority { get; init; }

    /// <summary>What the upstream is known to hold of it; null when nothing is known, or nothing there.</summary>
    public UpstreamMark? Known { get; init; }

    /// <summary>For an entry that was delivered: what the upstream holds now, if that is to be remembered.</summary>
    public UpstreamMark? Held { get; init; }
}
