namespace Kuzzle.Edge.Api.Documents;

/// <summary>How much a collection holds.</summary>
/// <param name="Documents">How many documents.</param>
/// <param name="Bytes">Their sources together, in bytes of UTF-8; of many documents an estimate.</param>
public readonly record struct CollectionSize(long Documents, long Bytes);
