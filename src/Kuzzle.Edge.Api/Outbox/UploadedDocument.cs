namespace Kuzzle.Edge.Api.Outbox;

/// <summary>A document that is here and, the same, upstream.</summary>
/// <param name="Id">The document.</param>
/// <param name="Since">Since when.</param>
public sealed record UploadedDocument(string Id, DateTimeOffset Since);
