namespace Kuzzle.Edge.Api.Documents;

/// <summary>A collection and the index that holds it. Names are compared ordinally.</summary>
public readonly record struct CollectionName(string Index, string Collection)
{
    /// <summary><c>index/collection</c>.</summary>
    public override string ToString() => $"{Index}/{Collection}";
}
