using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Native;

namespace Kuzzle.Edge.Sqlite.Schema;

/// <summary>The catalogue, and where each collection is stored. Immutable: a change makes a new one, which the writer publishes after its commit.</summary>
internal sealed class StoredCatalogue
{
    private readonly ImmutableDictionary<string, long> _indexNumbers;
    private readonly ImmutableDictionary<CollectionName, CollectionTable> _tables;

    private StoredCatalogue(
        Catalogue catalogue, ImmutableDictionary<string, long> indexNumbers, ImmutableDictionary<CollectionName, CollectionTable> tables)
    {
        Catalogue = catalogue;
        _indexNumbers = indexNumbers;
        _tables = tables;
    }

    public static StoredCatalogue Empty { get; } = new(
        Catalogue.Empty,
        ImmutableDictionary.Create<string, long>(StringComparer.Ordinal),
        ImmutableDictionary<CollectionName, CollectionTable>.Empty);

    /// <summary>As the other parts see it.</summary>
    public Catalogue Catalogue { get; }

    public static StoredCatalogue Load(SqliteConnection connection)
    {
        var loaded = Empty;
        using (var indexes = connection.Prepare("SELECT number, name FROM indexes ORDER BY number"))
        {
            while (indexes.Step()) loaded = loaded.WithIndex(indexes.Int64(0), indexes.Text(1));
        }

        using var collections = connection.Prepare(
            "SELECT c.number, i.name, c.name, c.mapping, c.settings FROM collections c JOIN indexes i ON i.number = c.index_number ORDER BY c.number");
        while (collections.Step())
        {
            var definition = new CollectionDefinition(Parse(collections.Text(3)), Parse(collections.Text(4)));
            var name = new CollectionName(collections.Text(1), collections.Text(2));
            loaded = loaded.WithTable(new CollectionTable(collections.Int64(0), name, definition));
        }

        return loaded;
    }

    public bool TryGetIndex(string name, out long number) => _indexNumbers.TryGetValue(name, out number);

    public bool TryGetTable(CollectionName name, [NotNullWhen(true)] out CollectionTable? table) => _tables.TryGetValue(name, out table);

    public StoredCatalogue WithIndex(long number, string name)
    {
        var entry = new IndexEntry(name, [], ImmutableDictionary.Create<string, CollectionDefinition>(StringComparer.Ordinal));
        return new StoredCatalogue(new Catalogue(Catalogue.Indexes.Add(entry)), _indexNumbers.Add(name, number), _tables);
    }

    public StoredCatalogue WithoutIndex(string name)
    {
        if (!Catalogue.TryGetIndex(name, out var entry)) return this;
        var tables = _tables.RemoveRange(entry.CollectionNames.Select(collection => new CollectionName(name, collection)));
        return new StoredCatalogue(new Catalogue(Catalogue.Indexes.Remove(entry)), _indexNumbers.Remove(name), tables);
    }

    /// <summary>With a collection, new or changed.</summary>
    public StoredCatalogue WithTable(CollectionTable table)
    {
        var entry = Entry(table.Name.Index);
        var changed = entry with
        {
            CollectionNames = entry.Collections.ContainsKey(table.Name.Collection) ? entry.CollectionNames : entry.CollectionNames.Add(table.Name.Collection),
            Collections = entry.Collections.SetItem(table.Name.Collection, table.Definition),
        };
        return new StoredCatalogue(new Catalogue(Catalogue.Indexes.Replace(entry, changed)), _indexNumbers, _tables.SetItem(table.Name, table));
    }

    public StoredCatalogue WithoutTable(CollectionName name)
    {
        var entry = Entry(name.Index);
        var changed = entry with
        {
            CollectionNames = entry.CollectionNames.Remove(name.Collection),
            Collections = entry.Collections.Remove(name.Collection),
        };
        return new StoredCatalogue(new Catalogue(Catalogue.Indexes.Replace(entry, changed)), _indexNumbers, _tables.Remove(name));
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private IndexEntry Entry(string index) =>
        Catalogue.TryGetIndex(index, out var entry) ? entry : throw new InvalidOperationException($"The catalogue has no index {index}.");
}
