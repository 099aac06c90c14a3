using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Indexes;
using Kuzzle.Edge.Sqlite.Schema;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>Creates a collection, or changes its definition.</summary>
internal sealed class DefineCollection(CollectionName name, Func<CollectionDefinition?, CollectionDefinition> define) : WriteOperation<CollectionDefinition>
{
    protected override CollectionDefinition Perform(WriteContext context)
    {
        var exists = context.Catalogue.TryGetTable(name, out var table);
        var asked = define(table?.Definition);

        // Parsed anew: what the caller handed over may lie in a buffer that is about to be reused.
        var mapping = Text(asked.Mapping);
        var settings = Text(asked.Settings);
        var definition = new CollectionDefinition(Parse(mapping), Parse(settings));
        if (exists) Update(context, table!, definition, mapping, settings);
        else Insert(context, definition, mapping, settings);
        if (context.Catalogue.TryGetTable(name, out var defined)) IndexWriter.Reconcile(context, defined);
        return definition;
    }

    private static void Update(WriteContext context, CollectionTable table, CollectionDefinition definition, string mapping, string settings)
    {
        using var update = context.Connection.Prepare("UPDATE collections SET mapping = ?2, settings = ?3 WHERE number = ?1");
        update.Bind(1, table.Number);
        update.Bind(2, mapping);
        update.Bind(3, settings);
        update.Execute();
        context.Catalogue = context.Catalogue.WithTable(table.With(definition));
    }

    private void Insert(WriteContext context, CollectionDefinition definition, string mapping, string settings)
    {
        if (!context.Catalogue.TryGetIndex(name.Index, out var index)) index = CreateIndex.Insert(context, name.Index);
        using var insert = context.Connection.Prepare(
            "INSERT INTO collections (index_number, name, mapping, settings) VALUES (?1, ?2, ?3, ?4) RETURNING number");
        insert.Bind(1, index);
        insert.Bind(2, name.Collection);
        insert.Bind(3, mapping);
        insert.Bind(4, settings);
        insert.Step();
        var table = new CollectionTable(insert.Int64(0), name, definition, []);
        insert.Execute();
        context.Connection.Execute(table.CreateSql);
        context.Counts.Set(table.Number, 0);
        context.Catalogue = context.Catalogue.WithTable(table);
    }

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.Undefined ? "{}" : element.GetRawText();

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
