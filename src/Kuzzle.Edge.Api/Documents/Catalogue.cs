using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>Which indexes and collections exist, at one moment. Immutable, so readers need no lock; both orders are those of creation.</summary>
public sealed class Catalogue(ImmutableList<IndexEntry> indexes)
{
    private readonly Dictionary<string, IndexEntry> _byName = indexes.ToDictionary(entry => entry.Name, StringComparer.Ordinal);

    /// <summary>A catalogue of nothing.</summary>
    public static Catalogue Empty { get; } = new([]);

    /// <summary>All indexes, oldest first; the hidden one, too.</summary>
    public ImmutableList<IndexEntry> Indexes { get; } = indexes;

    /// <summary>What clients may know of: all indexes but the hidden one.</summary>
    public IEnumerable<IndexEntry> PublicIndexes => Indexes.Where(entry => entry.Name != InternalIndex.Name);

    /// <summary>The collections of those, in the order of their creation.</summary>
    public IEnumerable<CollectionName> PublicCollections => PublicIndexes.SelectMany(static index => index.CollectionNames.Select(collection => new CollectionName(index.Name, collection)));

    /// <summary>The index of that name, or false.</summary>
    public bool TryGetIndex(string name, [NotNullWhen(true)] out IndexEntry? index) => _byName.TryGetValue(name, out index);

    /// <summary>The index of that name, or false; also false for the hidden one.</summary>
    public bool TryGetPublicIndex(string name, [NotNullWhen(true)] out IndexEntry? index)
    {
        index = null;
        return name != InternalIndex.Name && TryGetIndex(name, out index);
    }

    /// <summary>The collection of that name, or false when it or its index does not exist.</summary>
    public bool TryGetCollection(CollectionName name, [NotNullWhen(true)] out CollectionDefinition? collection)
    {
        collection = null;
        return _byName.TryGetValue(name.Index, out var index) && index.Collections.TryGetValue(name.Collection, out collection);
    }
}
