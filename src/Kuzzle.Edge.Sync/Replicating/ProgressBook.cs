using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Replicating;

/// <summary>
/// Keeps how far collections are, in the hidden index. What was noted for another upstream, or another name there, does not count: there is nothing of it on the new one.
/// </summary>
internal sealed class ProgressBook(IDocumentStore store, UpstreamOptions options)
{
    private const string EnteredMember = "entered";
    private const string CaughtUpToMember = "caughtUpTo";
    private const string ComparedAtMember = "comparedAt";

    private static readonly CollectionName Place = new(InternalIndex.Name, "upstream");

    /// <summary>How far a collection is.</summary>
    public async ValueTask<CollectionProgress> FindAsync(CollectionName collection, SyncRule rule, CancellationToken cancellationToken)
    {
        if (!store.Catalogue.TryGetCollection(Place, out _) || await store.FindAsync(Place, IdOf(collection), cancellationToken) is not { } found) return CollectionProgress.None;

        var noted = found.Source;
        return noted.GetProperty("with").GetString() == Other(collection, rule)
            ? new CollectionProgress(noted.GetProperty(EnteredMember).GetBoolean(), TimeIn(noted, CaughtUpToMember), TimeIn(noted, ComparedAtMember))
            : CollectionProgress.None;
    }

    /// <summary>Notes how far a collection is.</summary>
    public async Task SaveAsync(CollectionName collection, SyncRule rule, CollectionProgress progress, CancellationToken cancellationToken)
    {
        await store.DefineIfMissingAsync(Place, CollectionDefinition.Unsearched, cancellationToken);
        var note = new JsonObject
        {
            ["with"] = Other(collection, rule),
            [EnteredMember] = progress.IsEntered,
            [CaughtUpToMember] = progress.CaughtUpTo?.ToUnixTimeMilliseconds(),
            [ComparedAtMember] = progress.ComparedAt?.ToUnixTimeMilliseconds(),
        };
        await store.WriteAsync(Place, [new Note(IdOf(collection), note)], cancellationToken);
    }

    /// <summary>
    /// Forgets what does not hold without a rule: of a collection that does not go up, that all of it was entered; of one that does not come down, up to when it is the same. When
    /// a rule is for it again, that is a first contact.
    /// </summary>
    /// <param name="store">Where it is noted.</param>
    /// <param name="routeOf">Which ways collections go.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task ForgetOthersAsync(IDocumentStore store, Func<CollectionName, UpstreamRoute> routeOf, CancellationToken cancellationToken)
    {
        for (long? after = 0; after is { } place && store.Catalogue.TryGetCollection(Place, out _);)
        {
            var page = await store.WalkAsync(Place, query: default, place, cancellationToken);
            var forgotten = page.Documents.Select(note => Without(note, routeOf)).OfType<Note>().ToList();
            if (forgotten.Count > 0) await store.WriteAsync(Place, forgotten, cancellationToken);
            after = page.Next;
        }
    }

    /// <summary>A note without what does not hold; null when all of it does, or it is about something else.</summary>
    private static Note? Without(StoredDocument note, Func<CollectionName, UpstreamRoute> routeOf)
    {
        if (note.Id.Split('/') is not [var index, var collection]) return null;

        var route = routeOf(new CollectionName(index, collection));
        var (isEntered, caughtUpTo) = (note.Source.GetProperty(EnteredMember).GetBoolean(), TimeIn(note.Source, CaughtUpToMember));
        if ((!isEntered || route.GoesUp) && (caughtUpTo is null || route.ComesDown)) return null;

        var rest = JsonNode.Parse(note.Json.Span)!.AsObject();
        if (!route.GoesUp) rest[EnteredMember] = false;
        if (!route.ComesDown) (rest[CaughtUpToMember], rest[ComparedAtMember]) = (null, null);
        return new Note(note.Id, rest);
    }

    private static string IdOf(CollectionName collection) => $"{collection.Index}/{collection.Collection}";

    private string Other(CollectionName collection, SyncRule rule)
    {
        var there = rule.NameUpstream(collection);
        return $"{options.Url.WithoutCredentials()} {there.Index}/{there.Collection} {rule.Filter?.Text}";
    }

    private static DateTimeOffset? TimeIn(JsonElement noted, string name) =>
        noted.GetProperty(name) is { ValueKind: JsonValueKind.Number } time ? DateTimeOffset.FromUnixTimeMilliseconds(time.GetInt64()) : null;

    private sealed class Note(string id, JsonObject note) : DocumentWrite(id)
    {
        private readonly byte[] _json = Encoding.UTF8.GetBytes(note.ToJsonString());

        public override DocumentChange Apply(StoredDocument? current) => DocumentChange.Put(_json);
    }
}
