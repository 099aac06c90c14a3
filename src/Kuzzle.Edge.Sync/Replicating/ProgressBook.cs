using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Replicating;

/// <summary>
/// Keeps how far collections are, in the hidden index. What was noted for another upstream, or another name there, does not count: there is nothing of it on the new one.
/// </summary>
internal sealed class ProgressBook(IDocumentStore store, UpstreamOptions options)
{
    private static readonly CollectionName Place = new(InternalIndex.Name, "upstream");

    /// <summary>How far a collection is.</summary>
    public async ValueTask<CollectionProgress> FindAsync(CollectionName collection, SyncRule rule, CancellationToken cancellationToken)
    {
        if (!store.Catalogue.TryGetCollection(Place, out _) || await store.FindAsync(Place, IdOf(collection), cancellationToken) is not { } found) return CollectionProgress.None;

        var noted = found.Source;
        return noted.GetProperty("with").GetString() == Other(collection, rule)
            ? new CollectionProgress(noted.GetProperty("entered").GetBoolean(), TimeIn(noted, "caughtUpTo"), TimeIn(noted, "comparedAt"))
            : CollectionProgress.None;
    }

    /// <summary>Notes how far a collection is.</summary>
    public async Task SaveAsync(CollectionName collection, SyncRule rule, CollectionProgress progress, CancellationToken cancellationToken)
    {
        await store.DefineIfMissingAsync(Place, CollectionDefinition.Unsearched, cancellationToken);
        var note = new JsonObject
        {
            ["with"] = Other(collection, rule),
            ["entered"] = progress.IsEntered,
            ["caughtUpTo"] = progress.CaughtUpTo?.ToUnixTimeMilliseconds(),
            ["comparedAt"] = progress.ComparedAt?.ToUnixTimeMilliseconds(),
        };
        await store.WriteAsync(Place, [new Note(IdOf(collection), Encoding.UTF8.GetBytes(note.ToJsonString()))], cancellationToken);
    }

    private static string IdOf(CollectionName collection) => $"{collection.Index}/{collection.Collection}";

    private string Other(CollectionName collection, SyncRule rule)
    {
        var there = rule.NameUpstream(collection);
        return $"{options.Url.WithoutCredentials()} {there.Index}/{there.Collection} {rule.Filter?.Text}";
    }

    private static DateTimeOffset? TimeIn(JsonElement noted, string name) =>
        noted.GetProperty(name) is { ValueKind: JsonValueKind.Number } time ? DateTimeOffset.FromUnixTimeMilliseconds(time.GetInt64()) : null;

    private sealed class Note(string id, ReadOnlyMemory<byte> json) : DocumentWrite(id)
    {
        public override DocumentChange Apply(StoredDocument? current) => DocumentChange.Put(json);
    }
}
