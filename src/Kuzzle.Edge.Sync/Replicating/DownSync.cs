using System.Runtime.InteropServices;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Draining;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Pacing;
using Kuzzle.Edge.Sync.Rules;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sync.Replicating;

/// <summary>
/// Brings here what changes upstream. Notifications, searches for what changed meanwhile after each reconnection, and comparisons of whole collections from time to time, only name
/// documents; each is then asked for, and taken over as it is. Belongs to the loop of the link, but for notifications.
/// </summary>
internal sealed partial class DownSync(
    IOutbox outbox, IDocumentStore store, IReplica replica, ProgressBook progress, UnansweredWrites unanswered, UpstreamOptions options, string linkId, TimeProvider clock,
    ILogger logger)
{
    /// <summary>Identifiers of some hundred kilobytes; beyond, comparing is cheaper than asking for each.</summary>
    private const int MaxDirty = 10_000;

    /// <summary>Documents in one answer at the most; a slow line gets fewer.</summary>
    private const int PageSize = 100;

    /// <summary>Names are their writers' choice; of so many it is logged that they cannot be read, or not be seen.</summary>
    private const int MaxRemembered = 100;

    /// <summary>No document has it, and all are behind it: a range from it to itself holds nothing.</summary>
    private const string NoId = "";

    /// <summary>A collection that nobody has made here learns its fields from what comes.</summary>
    private static readonly CollectionDefinition FromAbove = new(JsonElement.Parse("""{"dynamic":"true","properties":{}}"""), JsonElement.Parse("{}"));

    /// <summary>How far the clocks of those who write upstream may be apart, and how long a write may take until it is found. What is older is found by the next comparison.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    /// <summary>How often it is searched for changes where no notification tells of them, and noted up to when nothing can be missing where they do.</summary>
    private static readonly TimeSpan SearchInterval = TimeSpan.FromMinutes(5);

    /// <summary>A Kuzzle tells nobody that a collection was made. To ask is one request, and one for each of its indexes.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(1);

    private readonly DirtyDocuments _dirty = new(MaxDirty);
    private readonly AdaptiveBatch _page = new(PageSize);
    private readonly HashSet<CollectionName> _subscribed = [];
    private readonly HashSet<CollectionName> _untold = [];
    private readonly HashSet<string> _loggedOnce = new(StringComparer.Ordinal);
    private readonly SendSchedule _schedule = new(options.Schedule, options.SchedulePriority, clock);
    private readonly TimeSpan _shortestCompareInterval =
        options.Rules.All.Where(rule => rule.Direction != SyncDirection.Up).Select(rule => rule.CompareInterval ?? options.CompareInterval).Append(options.CompareInterval).Min();

    private readonly Queue<(CollectionName Collection, DateTimeOffset Since)> _toSearch = new();
    private readonly MissedDeletions _missed = new(options.CompareDelay, clock);
    private Catalogue? _catalogue;
    private CollectionScan? _scan;
    private DateTimeOffset _beginAt;
    private DateTimeOffset _lookAt;
    private DateTimeOffset _searchAt;
    private DateTimeOffset _upstreamNow;
    private long _taken;

    /// <summary>Whether anything comes down at all.</summary>
    public bool IsNeeded { get; } = options.Rules.All.Any(rule => rule.Direction != SyncDirection.Up);

    /// <summary>How many documents and deletions were taken over since the process began.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Completes when there is something to do.</summary>
    public Task WhenSomeAsync() => _dirty.WhenSomeAsync();

    /// <summary>What is looked through at the moment: where, and how far; null when nothing is.</summary>
    public (CollectionName Collection, bool IsWhole, long Seen, long Total)? Scanning =>
        Volatile.Read(ref _scan) is { } scan ? (scan.Local, scan.IsWhole, scan.Seen, scan.Total) : null;

    /// <summary>Something may have changed in a collection of ours; for the operator.</summary>
    public void Compare(CollectionName collection) => _dirty.AddAll(collection);

    /// <summary>Hears what the upstream says unasked. Quick, and for any thread.</summary>
    public void OnMessage(JsonElement message)
    {
        if (message.TextOf("type") != "document" || UpstreamSession.IsEcho(message, linkId)) return;
        if (message.TextOf("index") is not { } index || message.TextOf("collection") is not { } collection) return;
        if (!message.TryGetProperty("result", out var result) || result.TextOf("_id") is not { } id) return;

        if (options.Rules.FindLocal(new CollectionName(index, collection)) is { } local) _dirty.Add(local, id);
    }

    /// <summary>When it should be looked for deletions that nobody told of; far away when there can be none.</summary>
    public DateTimeOffset MissedAt => _missed.DueAt;

    /// <summary>A new connection: asks to be told of changes, and looks for those that nobody told of before. What has not been compared as a whole for long is.</summary>
    public async Task BeginAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        await PlanAllAsync(upstream, cancellationToken);
        foreach (var (local, _) in _toSearch)
        {
            if (options.Rules.TryFind(local, out var rule)) _missed.Add(local, (await progress.FindAsync(local, rule, cancellationToken)).ComparedAt);
        }
    }

    /// <summary>
    /// To be asked when there is nothing else to do: makes sure of a collection from which something may have been deleted unheard. A search for changes does not find that; but if there are as
    /// many documents as are known to be there, nothing was. False when none is due.
    /// </summary>
    public async Task<bool> LookForMissedAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        if (_missed.TakeDue() is not { } local || !options.Rules.TryFind(local, out var rule)) return false;

        if (!MayCompare(rule)) _missed.Add(local, clock.GetUtcNow()); // Not while the line costs.
        else if (!await HasAllAsync(upstream, local, rule, cancellationToken)) _dirty.AddAll(local);
        return true;
    }

    /// <summary>Whether the upstream has as many documents as it is known to hold.</summary>
    private async Task<bool> HasAllAsync(UpstreamSession upstream, CollectionName local, SyncRule rule, CancellationToken cancellationToken)
    {
        if (rule.Filter is not null) return false; // Of the others there, nothing is known here.

        var answer = await AskOfAsync(upstream, "document", "count", rule.NameUpstream(local), cancellationToken);
        if (answer.MayPassLater) throw new LinkBrokenException($"{options.Url} refuses: {answer.Complaint}");
        if (answer.IsCollectionMissing) return true; // Which deletes nothing here.

        var count = answer.IsSuccess && answer.Result.ValueKind == JsonValueKind.Object && answer.Result.TryGetProperty("count", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var there)
            ? there
            : (long?)null; // Without the right to count, all is compared.
        return count == await outbox.CountMarksAsync(local, cancellationToken);
    }

    private bool MayCompare(SyncRule rule) => _schedule.LeastPriority <= rule.Priority;

    private async Task PlanAllAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        if (_scan is { IsWhole: false }) _scan = null; // It is planned anew; what compares everything goes on where it was.
        _toSearch.Clear();
        _subscribed.Clear();
        _untold.Clear();
        await LookAtClockAsync(upstream, cancellationToken);
        await LookAsync(upstream, static _ => true, cancellationToken);
        await SubscribeAheadAsync(upstream, cancellationToken);
        _beginAt = clock.GetUtcNow() + _shortestCompareInterval;
        _searchAt = clock.GetUtcNow() + SearchInterval;
    }

    /// <summary>Finds the collections of the upstream, and has those searched or compared that are meant.</summary>
    private async Task LookAsync(UpstreamSession upstream, Func<CollectionName, bool> isMeant, CancellationToken cancellationToken)
    {
        foreach (var local in await CollectionsAsync(upstream, cancellationToken))
        {
            if (!isMeant(local)) continue;

            // First the subscription, then the search: what changes in between is told by one of them.
            await SubscribeAsync(upstream, local, cancellationToken);
            if (options.Rules.TryFind(local, out var rule)) await PlanAsync(local, rule, cancellationToken);
        }

        _lookAt = clock.GetUtcNow() + LookInterval;
    }

    /// <summary>
    /// A collection that is here and not there, or is named by a rule, may be made there at any time, and nobody would tell. A Kuzzle lets us wait for what happens in a collection that
    /// does not exist yet.
    /// </summary>
    private async Task SubscribeAheadAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        var catalogue = _catalogue = store.Catalogue;
        var named = options.Rules.All.Select(static rule => rule.Match.Only).OfType<CollectionName>();
        foreach (var local in catalogue.PublicCollections.Concat(named).Distinct().ToList()) await SubscribeAsync(upstream, local, cancellationToken);
    }

    private async Task SubscribeAsync(UpstreamSession upstream, CollectionName local, CancellationToken cancellationToken)
    {
        if (!upstream.Notifies || !options.Rules.TryFind(local, out var rule) || rule.Direction == SyncDirection.Up || _subscribed.Contains(local)) return;

        var answer = await AskOfAsync(upstream, "realtime", "subscribe", rule.NameUpstream(local), cancellationToken);
        if (!answer.MayPassLater) _subscribed.Add(local); // Else it is asked for again with the next look.
        if (answer.IsSuccess) _untold.Remove(local);
        else if (_untold.Add(local)) LogNotSubscribed(logger, local, answer.Complaint);
    }

    /// <summary>Does a piece of what is to be done; false when there was nothing.</summary>
    public async Task<bool> StepAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        if (unanswered.FindDue(_page.Size) is { } due)
        {
            // Only where documents come down; elsewhere they are delivered once more.
            if (options.Rules.TryFind(due.Collection, out var its) && its.Direction == SyncDirection.Both) await FetchAsync(upstream, due.Collection, due.Ids, cancellationToken);
            unanswered.Forget(due.Collection, due.Ids);
            return true;
        }

        if (!IsNeeded) return false;
        if (_scan is null && clock.GetUtcNow() >= _beginAt) await PlanAllAsync(upstream, cancellationToken); // One that takes longer than the interval comes to its end.
        else if (upstream.Notifies && clock.GetUtcNow() >= _lookAt) await LookAsync(upstream, local => !_subscribed.Contains(local), cancellationToken);
        else if (!ReferenceEquals(_catalogue, store.Catalogue)) await SubscribeAheadAsync(upstream, cancellationToken);
        // In turns: neither a stream of changes nor a large collection keeps the other waiting.
        var some = _dirty.TakeSome(_page.Size);
        if (some is { } named) await FetchAsync(upstream, named.Collection, named.Ids, cancellationToken);
        _scan ??= NextScan();
        var scan = _scan;
        if (scan is not null) await ScanAsync(upstream, scan, cancellationToken);
        if (some is not null || scan is not null) return true;

        if (clock.GetUtcNow() >= _searchAt) await SearchAgainAsync(upstream, cancellationToken);
        return false;
    }

    /// <summary>Whether a collection is compared as a whole, or searched for what changed since it was last known to be the same.</summary>
    private async Task PlanAsync(CollectionName local, SyncRule rule, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var noted = await progress.FindAsync(local, rule, cancellationToken);
        var isOld = noted.ComparedAt is not { } comparedAt || now - comparedAt >= (rule.CompareInterval ?? options.CompareInterval) || comparedAt > now;

        // A line that costs by the byte is not for comparing, unless there is nothing to begin with.
        var mayCompare = noted.CaughtUpTo is null || MayCompare(rule);
        if (_scan is { } goesOn && goesOn.Local == local) _toSearch.Enqueue((local, goesOn.BeganAt - Overlap)); // For what changed in the part that it has been through.
        else if (isOld && mayCompare) _dirty.AddAll(local);
        else if (noted.CaughtUpTo is { } caughtUpTo) _toSearch.Enqueue((local, caughtUpTo - Overlap));
    }

    private CollectionScan? NextScan()
    {
        if (_toSearch.TryDequeue(out var look) && options.Rules.TryFind(look.Collection, out var rule)) return new CollectionScan(look.Collection, rule, look.Since, _upstreamNow);

        return _dirty.TakeWhole() is { } whole && options.Rules.TryFind(whole, out rule) && rule.Direction != SyncDirection.Up ? new CollectionScan(whole, rule, since: null, _upstreamNow) : null;
    }

    /// <summary>
    /// Nothing waits: where changes are told, all that changed until the last look at the upstream's clock is here, and that is noted, so that the next connection need not search
    /// through everything that was told. Where they are not told, it is searched for them.
    /// </summary>
    private async Task SearchAgainAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        _searchAt = clock.GetUtcNow() + SearchInterval;
        var until = _upstreamNow;
        await LookAtClockAsync(upstream, cancellationToken);
        foreach (var local in LocalCollections())
        {
            if (!options.Rules.TryFind(local, out var rule) || await progress.FindAsync(local, rule, cancellationToken) is not { CaughtUpTo: { } before } noted) continue;

            if (!upstream.Notifies || _untold.Contains(local)) _toSearch.Enqueue((local, before - Overlap));
            else if (until > before) await progress.SaveAsync(local, rule, noted with { CaughtUpTo = until }, cancellationToken);
        }
    }

    private IEnumerable<CollectionName> LocalCollections() => store.Catalogue.PublicCollections.Where(collection => options.Rules.RouteOf(collection).ComesDown);

    private async Task LookAtClockAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        var answer = await upstream.AskAsync(
            static request =>
            {
                request.WriteString("controller", "server");
                request.WriteString("action", "now");
            },
            cancellationToken);

        // One that does not tell its time is compared as a whole, or searched from long ago.
        _upstreamNow = answer.IsSuccess && answer.Result.ValueKind == JsonValueKind.Object && answer.Result.TryGetProperty("now", out var now) && now.ValueKind == JsonValueKind.Number && now.TryGetInt64(out var time)
            ? DateTimeOffset.FromUnixTimeMilliseconds(time)
            : DateTimeOffset.UnixEpoch;
    }

    /// <summary>Asks for documents of a collection and takes them over as they are.</summary>
    public async Task FetchAsync(UpstreamSession upstream, CollectionName local, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        if (!options.Rules.TryFind(local, out var rule)) return;

        for (var at = 0; at < ids.Count;)
        {
            var part = ids.Skip(at).Take(_page.Size).ToList();
            at += part.Count;
            await FetchPartAsync(upstream, local, rule, part, cancellationToken);
        }
    }

    private async Task FetchPartAsync(UpstreamSession upstream, CollectionName local, SyncRule rule, List<string> ids, CancellationToken cancellationToken)
    {
        var answer = await AskForPageAsync(() => upstream.AskForManyAsync(rule.NameUpstream(local), ids, cancellationToken), ids.Count);
        if (answer.IsCollectionMissing) return; // Is not one whose documents were deleted: it may be the wrong upstream, or a fresh one.
        if (!answer.IsSuccess)
        {
            if (IsFirst($"{local}")) LogNotShown(logger, local, answer.Complaint);
            return;
        }

        var held = answer.Documents("successes").ToDictionary(document => document.Id, document => document.Source, StringComparer.Ordinal);
        var documents = ids.Where(id => !held.TryGetValue(id, out var source) || IsReadable(local, id, source))
            .Select(id => new KeyValuePair<string, JsonElement?>(id, held.TryGetValue(id, out var source) ? source : null))
            .ToLookup(document => unanswered.MayBe(local, document.Key, MarkOf(document.Value)));
        if (documents[true].Any()) await OverwriteAsync(local, [.. documents[true]], cancellationToken);
        if (documents[false].Any()) await TakeAsync(local, rule, [.. documents[false]], cancellationToken);
    }

    /// <summary>Asks for documents: for fewer the next time when it took long, or when the connection broke under it.</summary>
    private async Task<UpstreamAnswer> AskForPageAsync(Func<Task<UpstreamAnswer>> ask, int count)
    {
        var began = clock.GetTimestamp();
        try
        {
            var answer = await ask();
            _page.Took(clock.GetElapsedTime(began), count);
            return answer.MayPassLater ? throw new LinkBrokenException($"{options.Url} refuses: {answer.Complaint}") : answer;
        }
        catch (LinkBrokenException)
        {
            _page.Shrink();
            throw;
        }
    }

    /// <summary>What cannot be read is here as it was.</summary>
    private bool IsReadable(CollectionName local, string id, JsonElement source)
    {
        if (UpstreamAnswer.FaultOf(source) is not { } fault) return true;

        if (IsFirst($"{local}/{id}")) LogNotReadable(logger, local, id, fault);
        return false;
    }

    private bool IsFirst(string what) => _loggedOnce.Count < MaxRemembered && _loggedOnce.Add(what);

    /// <summary>What may be a late write of this box is not news: where it is not what was there last, it is overwritten with what is here.</summary>
    private async Task OverwriteAsync(CollectionName local, IReadOnlyList<KeyValuePair<string, JsonElement?>> documents, CancellationToken cancellationToken)
    {
        var known = await outbox.MarksAsync(local, after: "", last: "", [.. documents.Select(document => document.Key)], cancellationToken);
        var late = documents.Where(document => (known.TryGetValue(document.Key, out var mark) ? mark : (UpstreamMark?)null) != MarkOf(document.Value));
        await outbox.EnqueueAsync(local, [.. late.Select(document => document.Key)], cancellationToken);
    }

    private async Task TakeAsync(CollectionName local, SyncRule rule, IReadOnlyList<KeyValuePair<string, JsonElement?>> documents, CancellationToken cancellationToken)
    {
        await store.DefineIfMissingAsync(local, FromAbove, cancellationToken);
        if (rule.Conflict == ConflictPolicy.KeepBoth) await store.DefineIfMissingAsync(options.Conflicts, FromAbove, cancellationToken);

        // What is outside of the filter does not exist for this side.
        var writes = documents.Select(document => new UpstreamWrite(
            local,
            document.Key,
            document.Value is { } source && (rule.Filter?.Matches(document.Key, source) ?? true) ? JsonMarshal.GetRawUtf8Value(source).ToArray() : (ReadOnlyMemory<byte>?)null, // Uncast, null would be an empty document.
            rule.Direction == SyncDirection.Down ? ConflictPolicy.Cloud : rule.Conflict,
            options.Conflicts)).ToList();
        var outcomes = await replica.TakeAsync(local, writes, cancellationToken) ?? [];
        foreach (var outcome in outcomes)
        {
            if (outcome.Kind is DocumentChangeKind.Put or DocumentChangeKind.Delete) Interlocked.Increment(ref _taken);
        }

        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Kind == DocumentChangeKind.NotFound) _dirty.Add(local, writes[i].Id); // Somebody removed the collection of conflicts meanwhile.
        }
    }

    /// <summary>One page: what is different is asked for again, for a search may be older than what a notification has brought since.</summary>
    private async Task ScanAsync(UpstreamSession upstream, CollectionScan scan, CancellationToken cancellationToken)
    {
        var size = _page.Size;
        var answer = await AskForPageAsync(() => upstream.AskAsync(request => WriteSearch(request, scan, size), cancellationToken), size);
        if (!answer.IsSuccess)
        {
            LogNotCompared(logger, scan.Local, answer.Complaint);
            _scan = null;
            if (!scan.IsWhole && scan.Seen == 0) _dirty.AddAll(scan.Local); // It does not search as we do.
            return;
        }

        var page = answer.Documents("hits");
        var isLast = page.Count < size;
        var last = isLast ? null : page[^1].Id;
        var unreadable = page.Where(hit => !IsReadable(scan.Local, hit.Id, hit.Source)).Select(hit => hit.Id).ToHashSet(StringComparer.Ordinal);
        var held = page.Where(hit => !unreadable.Contains(hit.Id)).ToDictionary(hit => hit.Id, hit => UpstreamMark.Of(hit.Source), StringComparer.Ordinal);
        scan.Seen += page.Count;
        scan.Total = answer.Result.ValueKind == JsonValueKind.Object && answer.Result.TryGetProperty("total", out var total) && total.ValueKind == JsonValueKind.Number && total.TryGetInt64(out var all)
            ? all
            : scan.Seen;
        var known = await outbox.MarksAsync(scan.Local, scan.IsWhole ? scan.After : NoId, scan.IsWhole ? last : NoId, [.. held.Keys], cancellationToken);
        var different = held.Where(hit => !known.TryGetValue(hit.Key, out var mark) || mark != hit.Value).Select(hit => hit.Key);
        if (scan.IsWhole) different = different.Concat(known.Keys.Where(id => !held.ContainsKey(id) && !unreadable.Contains(id)));
        await FetchAsync(upstream, scan.Local, [.. different], cancellationToken);

        if (last is not null)
        {
            scan.After = last;
            return;
        }

        _scan = null;
        await NoteAsync(scan, cancellationToken);
    }

    private async Task NoteAsync(CollectionScan scan, CancellationToken cancellationToken)
    {
        var noted = await progress.FindAsync(scan.Local, scan.Rule, cancellationToken);
        var caughtUp = noted with { CaughtUpTo = scan.BeganAt, ComparedAt = scan.IsWhole ? clock.GetUtcNow() : noted.ComparedAt };
        await progress.SaveAsync(scan.Local, scan.Rule, caughtUp, cancellationToken);
    }

    /// <summary>The collections that come down, by their names here.</summary>
    private async Task<IReadOnlyList<CollectionName>> CollectionsAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        var found = new List<CollectionName>();
        var indexes = await upstream.NamesAsync(index: null, cancellationToken);
        if (indexes.Refusal is { } silent && IsFirst("")) LogNotListed(logger, options.Url, silent);
        foreach (var index in indexes.Names.Where(options.Rules.TakeSomeOf))
        {
            // Rights are given by index: what is hidden in one is no fault of the others.
            var collections = await upstream.NamesAsync(index, cancellationToken);
            if (collections.Refusal is { } refusal && IsFirst(index)) LogIndexNotListed(logger, index, refusal);
            foreach (var collection in collections.Names)
            {
                if (options.Rules.FindLocal(new CollectionName(index, collection)) is { } local) found.Add(local);
            }
        }

        return found;
    }

    private static UpstreamMark? MarkOf(JsonElement? source) => source is { } held ? UpstreamMark.Of(held) : null;

    private static void WriteSearch(Utf8JsonWriter request, CollectionScan scan, int size)
    {
        request.WriteString("controller", "document");
        request.WriteString("action", "search");
        WriteTarget(request, scan.Rule.NameUpstream(scan.Local));
        request.WriteNumber("size", size);
        scan.WriteBody(request);
    }

    /// <summary>Asks about all documents of a collection: with the empty filter.</summary>
    private static Task<UpstreamAnswer> AskOfAsync(UpstreamSession upstream, string controller, string action, CollectionName collection, CancellationToken cancellationToken) =>
        upstream.AskAsync(
            request =>
            {
                request.WriteString("controller", controller);
                request.WriteString("action", action);
                WriteTarget(request, collection);
                request.WriteStartObject("body");
                request.WriteEndObject();
            },
            cancellationToken);

    private static void WriteTarget(Utf8JsonWriter request, CollectionName collection)
    {
        request.WriteString("index", collection.Index);
        request.WriteString("collection", collection.Collection);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The upstream does not tell of changes in {Collection}, which is compared from time to time only: {Complaint}")]
    private static partial void LogNotSubscribed(ILogger logger, CollectionName collection, string complaint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Upstream} does not show which indexes it has, so only collections that a rule names come down: {Complaint}")]
    private static partial void LogNotListed(ILogger logger, Uri upstream, string complaint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The upstream does not show what its index {Index} holds; nothing comes down from there but what a rule names: {Complaint}")]
    private static partial void LogIndexNotListed(ILogger logger, string index, string complaint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The upstream does not show documents of {Collection}, which therefore do not come down: {Complaint}")]
    private static partial void LogNotShown(ILogger logger, CollectionName collection, string complaint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Collection}/{Id} of the upstream cannot be read, and does not come down: {Fault}")]
    private static partial void LogNotReadable(ILogger logger, CollectionName collection, string id, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Collection} cannot be compared with the upstream; it is tried again later: {Complaint}")]
    private static partial void LogNotCompared(ILogger logger, CollectionName collection, string complaint);
}
