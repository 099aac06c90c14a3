using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sqlite.Outbox;
using Kuzzle.Edge.Sqlite.Schema;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>Applies changes of documents, in order.</summary>
internal sealed class WriteDocuments(CollectionName collection, IReadOnlyList<DocumentWrite> writes) : WriteOperation<IReadOnlyList<WriteOutcome>?>
{
    public override int Weight => Math.Max(1, writes.Count);

    /// <summary>Applies them within a transaction. Null when there is no such collection.</summary>
    public IReadOnlyList<WriteOutcome>? Apply(WriteContext context)
    {
        if (!context.Catalogue.TryGetTable(collection, out var table)) return null;

        var synchronised = context.IsSynchronised(collection);
        var outcomes = new WriteOutcome[writes.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (writes[i] is UpstreamWrite upstream)
            {
                outcomes[i] = Take(context, ref table, upstream);
                continue;
            }

            outcomes[i] = Apply(context, ref table, writes[i]);
            if (synchronised && outcomes[i].Kind is DocumentChangeKind.Put or DocumentChangeKind.Delete) context.AddToOutbox(collection, writes[i].Id);
        }

        return outcomes;
    }

    protected override IReadOnlyList<WriteOutcome>? Perform(WriteContext context) => Apply(context);

    /// <summary>What the upstream holds is taken over, unless the policy keeps a change that was made here; in neither case is it told what it knows.</summary>
    private static WriteOutcome Take(WriteContext context, ref CollectionTable table, UpstreamWrite write)
    {
        var name = table.Name;
        var before = Find(context, table, write.Id, out _);
        var known = Marks.Find(context.Connection, name, write.Id);
        var isWaiting = context.IsInOutbox(name, write.Id);
        if (isWaiting && known == write.Mark) return new WriteOutcome(DocumentChangeKind.None, before, before); // Only this side has changed it.

        // What has never been compared with the upstream counts as changed here: it was made before there was a rule.
        var ruling = write.Rule(before, isWaiting || (before is not null && known is null));
        if (ruling.Aside is { } aside && !TryPutAside(context, ruling.Conflicts, aside.Key, aside.Value))
        {
            return new WriteOutcome(DocumentChangeKind.NotFound, before, before);
        }

        Marks.Set(context.Connection, name, write.Id, write.Mark);
        if (ruling.KeepsLocal)
        {
            if (!isWaiting && context.IsSynchronised(name)) context.AddToOutbox(name, write.Id);
            return new WriteOutcome(DocumentChangeKind.None, before, before);
        }

        context.RemoveFromOutbox(name, write.Id);
        return Apply(context, ref table, write);
    }

    private static bool TryPutAside(WriteContext context, CollectionName conflicts, string id, ReadOnlyMemory<byte> json)
    {
        if (!context.Catalogue.TryGetTable(conflicts, out var table)) return false;

        Apply(context, ref table, new AsideWrite(id, json));
        if (context.IsSynchronised(conflicts)) context.AddToOutbox(conflicts, id);
        return true;
    }

    private static WriteOutcome Apply(WriteContext context, ref CollectionTable table, DocumentWrite write)
    {
        var before = Find(context, table, write.Id, out var seq);
        var change = write.Apply(before);
        switch (change.Kind)
        {
            case DocumentChangeKind.Put when before is null:
                Insert(context, table, write.Id, change.Json);
                context.Counts.Add(table.Number, 1);
                context.Indexes.Follow(context, ref table, context.Connection.LastRow, before: default, change.Json.Span);
                return new WriteOutcome(change.Kind, before, new StoredDocument(write.Id, change.Json, 1));
            case DocumentChangeKind.Put:
                var after = new StoredDocument(write.Id, change.Json, before.Version + 1);
                Update(context, table, seq, after);
                context.Indexes.Follow(context, ref table, seq, before.Json.Span, change.Json.Span);
                return new WriteOutcome(change.Kind, before, after);
            case DocumentChangeKind.Delete when before is null:
                return new WriteOutcome(DocumentChangeKind.NotFound, before, After: null);
            case DocumentChangeKind.Delete:
                Delete(context, table, seq);
                context.Counts.Add(table.Number, -1);
                context.Indexes.Follow(context, ref table, seq, before.Json.Span, after: default);
                return new WriteOutcome(change.Kind, before, After: null);
            default:
                return new WriteOutcome(change.Kind, before, before);
        }
    }

    private static StoredDocument? Find(WriteContext context, CollectionTable table, string id, out long seq)
    {
        using var find = context.Connection.Prepare(table.FindSql);
        find.Bind(1, id);
        seq = 0;
        if (!find.Step()) return null;
        seq = find.Int64(2);
        return new StoredDocument(id, find.Utf8(1).ToArray(), find.Int64(0));
    }

    private static void Insert(WriteContext context, CollectionTable table, string id, ReadOnlyMemory<byte> json)
    {
        using var insert = context.Connection.Prepare(table.InsertSql);
        insert.Bind(1, id);
        insert.Bind(2, json.Span);
        insert.Execute();
    }

    private static void Update(WriteContext context, CollectionTable table, long seq, StoredDocument after)
    {
        using var update = context.Connection.Prepare(table.UpdateSql);
        update.Bind(1, seq);
        update.Bind(2, after.Version);
        update.Bind(3, after.Json.Span);
        update.Execute();
    }

    private static void Delete(WriteContext context, CollectionTable table, long seq)
    {
        using var delete = context.Connection.Prepare(table.DeleteSql);
        delete.Bind(1, seq);
        delete.Execute();
    }

    private sealed class AsideWrite(string id, ReadOnlyMemory<byte> json) : DocumentWrite(id)
    {
        public override DocumentChange Apply(StoredDocument? current) => DocumentChange.Put(json);
    }
}
