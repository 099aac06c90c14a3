namespace Kuzzle.Edge.Api.Documents;

/// <summary>The hidden index where the product keeps its own documents. No client can make, see, search or change it.</summary>
public static class InternalIndex
{
    /// <summary>Its name, which the rules of names forbid to clients.</summary>
    public const string Name = "%kuzzle";
}
