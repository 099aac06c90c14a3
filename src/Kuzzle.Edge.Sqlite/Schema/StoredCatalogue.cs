using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Indexes;
using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Search.Fields;

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
        using (var names = connection.Prepare("SELECT number, name FROM indexes ORDER BY number"))
        {
            while (names.Step()) loaded = loaded.WithIndex(names.Int64(0), names.Text(1));
        }

        var indexes = LoadIndexes(connection);
        using var collections = connection.Prepare(
            "SELECT c.number, i.name, c.name, c.mapping, c.settings FROM collections c JOIN indexes i ON i.number = c.index_number ORDER BY c.number");
        while (collections.Step())
        {
            var definition = new CollectionDefinition(Parse(collections.Text(3)), Parse(collections.Text(4)));
            var name = new CollectionName(collections.Text(1), collections.Text(2));
            var number = collections.Int64(0);
            var table = new CollectionTable(number, name, definition, []);
            loaded = loaded.WithTable(indexes.TryGetValue(number, out var rows) ? table.With(IndexesOf(table, rows)) : table);
        }

        return loaded;
    }

    /// <summary>All collections, with where they are stored.</summary>
    public IEnumerable<CollectionTable> Tables => _tables.Values;

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

    private static Dictionary<long, List<(long Number, string Field, string Kind, long? BuiltTo, bool IsMulti)>> LoadIndexes(SqliteConnection connection)
    {
        var found = new Dictionary<long, List<(long Number, string Field, string Kind, long? BuiltTo, bool IsMulti)>>();
        using var rows = connection.Prepare("SELECT collection_number, number, field, kind, built_to, is_multi FROM field_indexes ORDER BY number");
        while (rows.Step())
        {
            if (!found.TryGetValue(rows.Int64(0), out var list)) found[rows.Int64(0)] = list = [];
            list.Add((rows.Int64(1), rows.Text(2), rows.Text(3), rows.IsNull(4) ? null : rows.Int64(4), rows.Int64(5) != 0));
        }

        return found;
    }

    /// <summary>A kind that the mapping no longer gives stays what it was, so that the index is known and dropped.</summary>
    private static List<FieldIndex> IndexesOf(CollectionTable table, List<(long Number, string Field, string Kind, long? BuiltTo, bool IsMulti)> rows) =>
        rows.ConvertAll(row =>
        {
            var kind = Enum.GetValues<FieldKind>().First(kind => FieldIndex.KindName(kind) == row.Kind);
            return new FieldIndex(row.Number, table.Fields.Resolve(row.Field) with { Kind = kind }, row.BuiltTo, row.IsMulti);
        });

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private IndexEntry Entry(string index) =>
        Catalogue.TryGetIndex(index, out var entry) ? entry : throw new InvalidOperationException($"The catalogue has no index {index}.");
}
