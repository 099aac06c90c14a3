using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Replicating;

/// <summary>
/// Keeps how far collections are, in the hidden index. What was noted for another upstream, or another name there, does not count: there is nothing of it on the new one.
/// </summary>
internal sealed class ProgressBook(IDocumentStore store, UpstreamOptions options)
{
    /// <summary>Whose documents the marks are of; the other notes have a slash in their names.</summary>
    private const string KnownId = "known";

    private const string WithMember = "with";
    private const string EnteredMember = "entered";
    private const string CaughtUpToMember = "caughtUpTo";
    private const string ComparedAtMember = "comparedAt";

    private static readonly CollectionName Place = new(InternalIndex.Name, "upstream");

    private readonly UpstreamNames _names = UpstreamNames.Of(options);

    /// <summary>How far a collection is.</summary>
    public async ValueTask<CollectionProgress> FindAsync(CollectionName collection, SyncRule rule, CancellationToken cancellationToken)
    {
        if (!store.Catalogue.TryGetCollection(Place, out _) || await store.FindAsync(Place, IdOf(collection), cancellationToken) is not { } found) return CollectionProgress.None;

        var noted = found.Source;
        return noted.GetProperty(WithMember).GetString() == Other(collection, rule)
            ? new CollectionProgress(noted.GetProperty(EnteredMember).GetBoolean(), TimeIn(noted, CaughtUpToMember), TimeIn(noted, ComparedAtMember))
            : CollectionProgress.None;
    }

    /// <summary>Notes how far a collection is.</summary>
    public async Task SaveAsync(CollectionName collection, SyncRule rule, CollectionProgress progress, CancellationToken cancellationToken)
    {
        await store.DefineIfMissingAsync(Place, CollectionDefinition.Unsearched, cancellationToken);
        await store.WriteAsync(Place, [NoteOf(collection, rule, progress)], cancellationToken);
    }

    /// <summary>
    /// Forgets what an upstream was known to hold of collections that are now with another one, or have another name there: what is missing on this one was not deleted from it. How far
    /// they were goes with it. To be called before anything is sent or taken over.
    /// </summary>
    /// <exception cref="DocumentStoreException">The disk takes nothing. What was forgotten is, and the next call goes on.</exception>
    public async Task ForgetOtherUpstreamAsync(IOutbox outbox, CancellationToken cancellationToken)
    {
        await store.DefineIfMissingAsync(Place, CollectionDefinition.Unsearched, cancellationToken);
        await ChangeNotesAsync(store, WithoutOther, cancellationToken);
        var noted = (await store.FindAsync(Place, KnownId, cancellationToken))?.Source;
        var names = _names.ToJson();
        if (noted is { } same && JsonNode.DeepEquals(JsonObject.Create(same), names)) return;

        var before = noted is { } known ? UpstreamNames.Read(known) : null;
        await outbox.ForgetMarksAsync(collection => before?.Find(collection) != _names.Find(collection), cancellationToken);
        await store.WriteAsync(Place, [new Note(KnownId, names)], cancellationToken); // Last, so that what was cut short is done again.
    }

    /// <summary>
    /// Forgets what does not hold without a rule: of a collection that does not go up, that all of it was entered; of one that does not come down, up to when it is the same. When
    /// a rule is for it again, that is a first contact.
    /// </summary>
    /// <param name="store">Where it is noted.</param>
    /// <param name="routeOf">Which ways collections go.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task ForgetOthersAsync(IDocumentStore store, Func<CollectionName, UpstreamRoute> routeOf, CancellationToken cancellationToken) =>
        ChangeNotesAsync(store, (collection, note) => Without(collection, note, routeOf), cancellationToken);

    private static async Task ChangeNotesAsync(IDocumentStore store, Func<CollectionName, StoredDocument, Note?> change, CancellationToken cancellationToken)
    {
        for (long? after = 0; after is { } place && store.Catalogue.TryGetCollection(Place, out _);)
        {
            var page = await store.WalkAsync(Place, query: default, place, cancellationToken);
            var changed = page.Documents.Select(note => note.Id.Split('/') is [var index, var collection] ? change(new CollectionName(index, collection), note) : null).OfType<Note>().ToList();
            if (changed.Count > 0) await store.WriteAsync(Place, changed, cancellationToken);
            after = page.Next;
        }
    }

    /// <summary>A note made into none when it is about another upstream; null when it is about this one, or there is no rule.</summary>
    private Note? WithoutOther(CollectionName collection, StoredDocument note) =>
        options.Rules.TryFind(collection, out var rule) && note.Source.GetProperty(WithMember).GetString() != Other(collection, rule)
            ? NoteOf(collection, rule, CollectionProgress.None)
            : null;

    /// <summary>A note without what does not hold; null when all of it does.</summary>
    private static Note? Without(CollectionName collection, StoredDocument note, Func<CollectionName, UpstreamRoute> routeOf)
    {
        var route = routeOf(collection);
        var (isEntered, caughtUpTo) = (note.Source.GetProperty(EnteredMember).GetBoolean(), TimeIn(note.Source, CaughtUpToMember));
        if ((!isEntered || route.GoesUp) && (caughtUpTo is null || route.ComesDown)) return null;

        var rest = JsonNode.Parse(note.Json.Span)!.AsObject();
        if (!route.GoesUp) rest[EnteredMember] = false;
        if (!route.ComesDown) (rest[CaughtUpToMember], rest[ComparedAtMember]) = (null, null);
        return new Note(note.Id, rest);
    }

    private Note NoteOf(CollectionName collection, SyncRule rule, CollectionProgress progress) => new(IdOf(collection), new JsonObject
    {
        [WithMember] = Other(collection, rule),
        [EnteredMember] = progress.IsEntered,
        [CaughtUpToMember] = progress.CaughtUpTo?.ToUnixTimeMilliseconds(),
        [ComparedAtMember] = progress.ComparedAt?.ToUnixTimeMilliseconds(),
    });

    private static string IdOf(CollectionName collection) => $"{collection.Index}/{collection.Collection}";

    private string Other(CollectionName collection, SyncRule rule) => $"{_names.Find(collection)} {rule.Filter?.Text}";

    private static DateTimeOffset? TimeIn(JsonElement noted, string name) =>
        noted.GetProperty(name) is { ValueKind: JsonValueKind.Number } time ? DateTimeOffset.FromUnixTimeMilliseconds(time.GetInt64()) : null;

    private sealed class Note(string id, JsonObject note) : DocumentWrite(id)
    {
        private readonly byte[] _json = Encoding.UTF8.GetBytes(note.ToJsonString());

        public override DocumentChange Apply(StoredDocument? current) => DocumentChange.Put(_json);
    }
}
