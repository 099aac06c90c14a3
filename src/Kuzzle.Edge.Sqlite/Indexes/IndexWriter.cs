using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Schema;
using Kuzzle.Edge.Sqlite.Writing;

namespace Kuzzle.Edge.Sqlite.Indexes;

/// <summary>Keeps the indexes of collections in step with their documents, within the writer's transactions. Belongs to the writer's thread.</summary>
internal sealed class IndexWriter
{
    private readonly IndexedValues _before = new();
    private readonly IndexedValues _after = new();

    /// <summary>Makes and drops indexes as the collection's mapping wants them. New ones are built later, unless there is nothing to read.</summary>
    public static void Reconcile(WriteContext context, CollectionTable table)
    {
        var wanted = IndexPlan.Of(table.Fields);
        var kept = new List<FieldIndex>();
        foreach (var index in table.Indexes)
        {
            var field = wanted.Find(field => field.Name == index.Field.Name && field.Kind == index.Field.Kind && field.Path.AsSpan().SequenceEqual(index.Field.Path));
            if (field is null) Drop(context.Connection, index);
            else kept.Add(index);
        }

        var isEmpty = context.Connection.QueryInt64($"SELECT NOT EXISTS (SELECT 1 FROM {table.Table})") != 0;
        foreach (var field in wanted)
        {
            if (kept.Exists(index => index.Field.Name == field.Name)) continue;
            kept.Add(Create(context.Connection, table, field, isEmpty ? null : long.MinValue));
        }

        context.Catalogue = context.Catalogue.WithTable(table.With(kept));
    }

    public static void DropAll(WriteContext context, CollectionTable table)
    {
        foreach (var index in table.Indexes) Drop(context.Connection, index);
    }

    /// <summary>After all documents were removed: every index is empty, and complete.</summary>
    public static void Clear(WriteContext context, CollectionTable table)
    {
        foreach (var index in table.Indexes) context.Connection.Execute(index.ClearSql);
        var cleared = table.Indexes.Select(static index => index with { BuiltTo = null, IsMulti = false }).ToList();
        foreach (var index in cleared) Save(context.Connection, index);
        context.Catalogue = context.Catalogue.WithTable(table.With(cleared));
    }

    /// <summary>Follows the change of one document; an empty source is none.</summary>
    public void Follow(WriteContext context, ref CollectionTable table, long seq, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        for (var i = 0; i < table.Indexes.Count; i++)
        {
            var index = table.Indexes[i];
            if (!index.Follows(seq)) continue;
            if (!before.IsEmpty) _before.Read(index.Field, before);
            if (!after.IsEmpty) _after.Read(index.Field, after);
            if (!before.IsEmpty && !after.IsEmpty && _before.SameAs(_after)) continue;
            if (!before.IsEmpty) _before.Write(context.Connection, index.RemoveSql, seq);
            if (after.IsEmpty) continue;
            _after.Write(context.Connection, index.AddSql, seq);
            if (_after.IsMulti && !index.IsMulti) table = Change(context, table, index, index with { IsMulti = true });
        }
    }

    /// <summary>Reads some more documents into those indexes of a collection that are not complete. True when none is left.</summary>
    /// <param name="enough">Asked after each document whether the slice is long enough.</param>
    public bool Build(WriteContext context, CollectionTable table, Func<bool> enough)
    {
        var incomplete = table.Indexes.Where(static index => !index.IsReady).ToList();
        if (incomplete.Count == 0) return true;

        // All that are at the same place go on together; the document is read once for them.
        var start = incomplete.Min(static index => index.BuiltTo!.Value);
        incomplete.RemoveAll(index => index.BuiltTo != start);
        var isMulti = incomplete.ConvertAll(static index => index.IsMulti);
        var last = start;
        var isAtEnd = true;
        using (var rows = context.Connection.Prepare($"SELECT seq, source FROM {table.Table} WHERE seq > ?1 ORDER BY seq"))
        {
            rows.Bind(1, start);
            while (rows.Step())
            {
                last = rows.Int64(0);
                for (var i = 0; i < incomplete.Count; i++)
                {
                    _after.Read(incomplete[i].Field, rows.Utf8(1));
                    _after.Write(context.Connection, incomplete[i].AddSql, last);
                    isMulti[i] |= _after.IsMulti;
                }

                if (!enough()) continue;
                isAtEnd = false;
                break;
            }
        }

        for (var i = 0; i < incomplete.Count; i++)
        {
            table = Change(context, table, incomplete[i], incomplete[i] with { BuiltTo = isAtEnd ? null : last, IsMulti = isMulti[i] });
        }

        return table.Indexes.All(static index => index.IsReady);
    }

    private static CollectionTable Change(WriteContext context, CollectionTable table, FieldIndex before, FieldIndex after)
    {
        Save(context.Connection, after);
        var changed = table.With([.. table.Indexes.Select(index => index.Number == before.Number ? after : index)]);
        context.Catalogue = context.Catalogue.WithTable(changed);
        return changed;
    }

    private static void Save(SqliteConnection connection, FieldIndex index)
    {
        using var update = connection.Prepare("UPDATE field_indexes SET built_to = ?2, is_multi = ?3 WHERE number = ?1");
        update.Bind(1, index.Number);
        if (index.BuiltTo is { } built) update.Bind(2, built);
        else update.BindNull(2);
        update.Bind(3, index.IsMulti ? 1 : 0);
        update.Execute();
    }

    private static FieldIndex Create(SqliteConnection connection, CollectionTable table, Search.Fields.Field field, long? builtTo)
    {
        long number;
        using (var insert = connection.Prepare(
            "INSERT INTO field_indexes (collection_number, field, kind, built_to, is_multi) VALUES (?1, ?2, ?3, ?4, 0) RETURNING number"))
        {
            insert.Bind(1, table.Number);
            insert.Bind(2, field.Name);
            insert.Bind(3, FieldIndex.KindName(field.Kind));
            if (builtTo is { } built) insert.Bind(4, built);
            else insert.BindNull(4);
            insert.Step();
            number = insert.Int64(0);
            insert.Execute();
        }

        var index = new FieldIndex(number, field, builtTo, IsMulti: false);
        connection.Execute(index.CreateSql);
        return index;
    }

    private static void Drop(SqliteConnection connection, FieldIndex index)
    {
        connection.Execute(index.DropSql);
        using var delete = connection.Prepare("DELETE FROM field_indexes WHERE number = ?1");
        delete.Bind(1, index.Number);
        delete.Execute();
    }
}
