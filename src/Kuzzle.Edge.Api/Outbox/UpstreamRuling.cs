using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>What becomes of a document that the upstream holds, too.</summary>
/// <param name="KeepsLocal">Whether the version here stays, and goes up.</param>
/// <param name="Conflicts">The collection of conflicts.</param>
/// <param name="Aside">A document to be put there; null when nothing is lost.</param>
public sealed record UpstreamRuling(bool KeepsLocal, CollectionName Conflicts, KeyValuePair<string, ReadOnlyMemory<byte>>? Aside);
