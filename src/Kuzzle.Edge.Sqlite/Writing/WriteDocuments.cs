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

        var route = context.RouteOf(collection);
        var outcomes = new WriteOutcome[writes.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = writes[i] switch
            {
                UpstreamWrite upstream => Take(context, ref table, upstream),
                LocalRemoval removal => RemoveHere(context, ref table, removal, route),
                _ => Change(context, ref table, writes[i], route),
            };
        }

        return outcomes;
    }

    protected override IReadOnlyList<WriteOutcome>? Perform(WriteContext context)
    {
        if (new Admission(context).FindRefusal(collection, writes) is not { } refusal) return Apply(context);

        Refuse(refusal);
        return null;
    }

    /// <summary>Somebody here changes it, so the upstream must hear of it; where it hears of nothing, the next comparison takes the change back.</summary>
    private static WriteOutcome Change(WriteContext context, ref CollectionTable table, DocumentWrite write, UpstreamRoute route)
    {
        var outcome = Apply(context, ref table, write);
        if (outcome.Kind is not (DocumentChangeKind.Put or DocumentChangeKind.Delete)) return outcome;

        if (route.GoesUp)
        {
            context.Outbox.Add(table.Name, write.Id, route, outcome.After?.Json.Length ?? 0);
            Marks.Part(context.Connection, table.Name, write.Id);
        }
        else if (route.ComesDown)
        {
            Marks.Doubt(context.Connection, table.Name, write.Id);
        }

        if (outcome.Kind == DocumentChangeKind.Delete && context.DeadLetters.AreIn(table.Name)) context.Outbox.UnparkLetter(write.Id);
        return outcome;
    }

    /// <summary>What waits for the upstream, or was refused there, stays.</summary>
    private static WriteOutcome RemoveHere(WriteContext context, ref CollectionTable table, LocalRemoval removal, UpstreamRoute route)
    {
        var kept = Find(context, table, removal.Id, out var seq);
        var isOwed = (route.GoesUp && context.Outbox.Holds(table, removal.Id, seq))
            || (removal.Condition == RemovalCondition.Uploaded && !Marks.IsHeld(context.Connection, table.Name, removal.Id));
        if (isOwed)
        {
            return new WriteOutcome(DocumentChangeKind.None, kept, kept);
        }

        if (route.GoesUp || route.ComesDown) Marks.Release(context.Connection, table.Name, removal.Id, route.ComesDown);
        return Apply(context, ref table, removal);
    }

    /// <summary>What the upstream holds is taken over, unless the policy keeps a change that was made here; in neither case is it told what it knows.</summary>
    private static WriteOutcome Take(WriteContext context, ref CollectionTable table, UpstreamWrite write)
    {
        var name = table.Name;
        var before = Find(context, table, write.Id, out var seq);
        var known = Marks.Find(context.Connection, name, write.Id);
        var isWaiting = context.Outbox.Holds(table, write.Id, seq);
        if (isWaiting && known == write.Mark) return new WriteOutcome(DocumentChangeKind.None, before, before); // Only this side has changed it.

        // It was removed here only, and is there as it was then.
        if (before is null && known is not null && known == write.Mark) return new WriteOutcome(DocumentChangeKind.None, before, before);

        // What has never been compared with the upstream counts as changed here: it was made before there was a rule.
        var ruling = write.Rule(before, isWaiting || (before is not null && known is null));
        if (ruling.Aside is { } aside && !TryPutAside(context, ruling.Conflicts, aside.Key, aside.Value))
        {
            return new WriteOutcome(DocumentChangeKind.NotFound, before, before);
        }

        Marks.Set(context.Connection, name, write.Id, write.Mark, ruling.KeepsLocal ? null : context.Now);
        if (ruling.KeepsLocal)
        {
            if (!isWaiting && context.RouteOf(name) is { GoesUp: true } route) context.Outbox.Add(name, write.Id, route, before?.Json.Length ?? 0);
            return new WriteOutcome(DocumentChangeKind.None, before, before);
        }

        if (context.Outbox.Remove(name, write.Id)) context.DeadLetters.Remove(context, name, write.Id);
        return Apply(context, ref table, write, before, seq);
    }

    private static bool TryPutAside(WriteContext context, CollectionName conflicts, string id, ReadOnlyMemory<byte> json)
    {
        if (!context.Catalogue.TryGetTable(conflicts, out var table)) return false;

        Apply(context, ref table, new AsideWrite(id, json));
        if (context.RouteOf(conflicts) is not { GoesUp: true } route) return true;

        context.Outbox.Add(conflicts, id, route, json.Length);
        Marks.Part(context.Connection, conflicts, id);
        return true;
    }

    private static WriteOutcome Apply(WriteContext context, ref CollectionTable table, DocumentWrite write)
    {
        var before = Find(context, table, write.Id, out var seq);
        return Apply(context, ref table, write, before, seq);
    }

    private static WriteOutcome Apply(WriteContext context, ref CollectionTable table, DocumentWrite write, StoredDocument? before, long seq)
    {
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

    /// <summary>A document as this transaction has made it, and its row.</summary>
    public static StoredDocument? Find(WriteContext context, CollectionTable table, string id, out long seq)
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
