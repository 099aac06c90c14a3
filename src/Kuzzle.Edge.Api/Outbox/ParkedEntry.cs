using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>A document that the upstream refused for good, for the operator to see.</summary>
/// <param name="Collection">The document's collection.</param>
/// <param name="Id">The document's identifier.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="ParkedAt">When.</param>
public sealed record ParkedEntry(CollectionName Collection, string Id, string Reason, DateTimeOffset ParkedAt);
