using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>Applies changes of documents of several collections, in order: all of them or, where a collection is missing, none.</summary>
internal sealed class WriteCollections(IReadOnlyList<(CollectionName Collection, DocumentWrite Write)> writes) : WriteOperation<IReadOnlyList<WriteOutcome>?>
{
    public override int Weight => Math.Max(1, writes.Count);

    protected override IReadOnlyList<WriteOutcome>? Perform(WriteContext context)
    {
        if (writes.Any(write => !context.Catalogue.TryGetTable(write.Collection, out _))) return null;

        var admission = new Admission(context);
        foreach (var collection in writes.GroupBy(static write => write.Collection, static write => write.Write))
        {
            if (admission.FindRefusal(collection.Key, [.. collection]) is not { } refusal) continue;
            Refuse(refusal);
            return null;
        }

        return [.. writes.Select(write => new WriteDocuments(write.Collection, [write.Write]).Apply(context)![0])];
    }
}
