namespace Kuzzle.Edge.Api.Documents;

/// <summary>Collections that a part makes for itself when it first needs them.</summary>
public static class MissingCollection
{
    /// <summary>Makes a collection, and its index, unless it exists; one that does stays as it is.</summary>
    public static async Task DefineIfMissingAsync(this IDocumentStore store, CollectionName name, CollectionDefinition definition, CancellationToken cancellationToken)
    {
        if (!store.Catalogue.TryGetCollection(name, out _)) await store.DefineCollectionAsync(name, before => before ?? definition, cancellationToken);
    }
}
