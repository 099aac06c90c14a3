using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Pacing;
using Kuzzle.Edge.Sync.Replicating;
using Kuzzle.Edge.Sync.Rules;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sync.Draining;

/// <summary>
/// Carries what waits in the outbox to the upstream, batch after batch. An entry is removed only after the upstream has acknowledged it, so a break at any
/// point costs at most the same push again, and by the document's id that has the same effect.
/// </summary>
internal sealed partial class OutboxDrain(
    IOutbox outbox, IDocumentStore store, DownSync down, FirstUpload first, UnansweredWrites unanswered, UpstreamOptions options, TimeProvider clock, ILogger logger)
{
    /// <summary>How many entries are looked at together, so that those of one collection can travel together.</summary>
    private const int Window = 1000;

    /// <summary>Kuzzle's own default bound of document:mDelete; bulk:mWrite has none.</summary>
    private const int MaxDeletions = 200;

    /// <summary>A document that the upstream could not take as often as this, over an hour by then, is refused for good.</summary>
    private const int MaxAttempts = 12;

    /// <summary>A connection may break by itself under the same document; as often as this in a row, it goes behind the others.</summary>
    private const int MaxBreaks = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(15);

    private readonly BrokenRequests _broken = new();
    private readonly AdaptiveBatch _batch = new(options.BatchSize);
    private readonly SendSchedule _schedule = new(options.Schedule, options.SchedulePriority, clock);
    private readonly Pace _pace = new(options.Bandwidth, clock);
    private readonly bool _hasPriorities = options.Rules.All.Select(rule => rule.Priority).Distinct().Count() > 1;
    private DrainResult _unreported;
    private bool _hasBegun;

    /// <summary>How many documents travel in one request at the moment.</summary>
    public int BatchSize => _batch.Size;

    /// <summary>Whether the schedule holds back all that is not urgent.</summary>
    public bool IsHeldBack => !_schedule.IsOpen;

    /// <summary>Completes when there is something that may be sent.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_pace.Wait is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellationToken);
        while (!_schedule.IsOpen)
        {
            using var urgent = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var opening = Task.Delay(_schedule.UntilNextLook, clock, urgent.Token);
            var some = _schedule.LeastPriority is { } least ? outbox.WaitForEntriesAsync(least, urgent.Token) : Task.Delay(Timeout.InfiniteTimeSpan, clock, urgent.Token);
            var ended = await Task.WhenAny(opening, some);
            await urgent.CancelAsync();
            await Task.WhenAll(opening, some).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // The one that is not the first was cancelled.
            await ended;
            if (ended == some) return;
        }

        await outbox.WaitForEntriesAsync(int.MinValue, cancellationToken);
    }

    /// <summary>Pushes the entries that are next and takes them out of the outbox; nothing when the schedule or the bandwidth says so.</summary>
    /// <exception cref="LinkBrokenException">The upstream cannot take anything now; all that was not acknowledged is still in the outbox.</exception>
    public async Task<DrainResult> PushAsync(UpstreamSession upstream, CancellationToken cancellationToken)
    {
        await first.EnterAsync(cancellationToken);
        if (_schedule.LeastPriority is not { } least || _pace.Wait > TimeSpan.Zero) return DrainResult.Nothing;

        var entries = await outbox.PeekAsync(Window, least, cancellationToken);
        var flight = new Flight();
        flight.Add(_unreported);
        _unreported = DrainResult.Nothing;
        try
        {
            foreach (var group in entries.GroupBy(entry => entry.Collection))
            {
                if (flight.HasBegun && await ShouldLookAnewAsync(group.First().Priority, cancellationToken)) break;

                if (options.Rules.TryFind(group.Key, out var rule) && rule.Direction != SyncDirection.Down) await PushAsync(upstream, new CollectionPush(group.Key, rule), group, flight, cancellationToken);
                else flight.Add(await ForgetAsync(group.Key, [.. group], cancellationToken));
            }

            var result = await flight.EndAsync();
            _hasBegun = true;
            return result;
        }
        catch
        {
            await flight.AbandonAsync();
            _unreported = flight.Result; // What was acknowledged before it broke counts with the next push.
            throw;
        }
    }

    /// <summary>Whether the rest of what was looked at must wait: for the bandwidth, for the schedule, or because something more urgent has come.</summary>
    private async ValueTask<bool> ShouldLookAnewAsync(int priority, CancellationToken cancellationToken) =>
        _pace.Wait > TimeSpan.Zero
        || (_schedule.LeastPriority ?? int.MaxValue) > priority
        || (_hasPriorities && await outbox.FindUrgencyAsync(cancellationToken) > priority);

    private async Task PushAsync(UpstreamSession upstream, CollectionPush push, IEnumerable<OutboxEntry> entries, Flight flight, CancellationToken cancellationToken)
    {
        await first.NoteAsync(push.Local, push.Rule, cancellationToken);
        var unneeded = new List<OutboxEntry>();
        var prepared = new List<PreparedEntry>();
        foreach (var entry in entries)
        {
            if (PreparedEntry.Of(entry, push.Rule) is { } meant) prepared.Add(meant);
            else unneeded.Add(entry);
        }

        await outbox.RemoveAsync(unneeded, cancellationToken);
        if (!_hasBegun) unanswered.Add(push.Local, prepared.FindAll(entry => entry.Entry.Since < unanswered.BeganAt)); // The process before this one may have been killed while it sent these.
        flight.Add(new DrainResult(0, 0, unneeded.Count));
        foreach (var kind in prepared.GroupBy(entry => entry.Json is null))
        {
            var rest = kind.ToList();
            while (rest.Count > 0)
            {
                var isAlone = _broken.MostWith(push.Local, rest[0].Id) == 1;
                if (isAlone) await flight.EndAsync();
                else await flight.MakeRoomAsync();
                if (flight.HasBegun && await ShouldLookAnewAsync(rest[0].Entry.Priority, cancellationToken)) return;

                var part = rest.GetRange(0, CountOfNextPart(rest, push));
                rest.RemoveRange(0, part.Count);
                flight.Add(await SkipArrivedAsync(upstream, push, part, cancellationToken));
                flight.Add(await TakeForeignAsync(upstream, push, part, cancellationToken));
                if (part.Count == 0) continue;

                flight.Add(PushAsync(upstream, push, part, isAlone, cancellationToken));
                if (isAlone) await flight.EndAsync();
            }
        }
    }

    /// <summary>
    /// What was under way when the line broke may have arrived, with only the answer lost. To send it again would change nothing upstream, but those who listen there would hear of it
    /// twice; so it is asked for first. A link without the right to ask sends it again.
    /// </summary>
    private async Task<DrainResult> SkipArrivedAsync(UpstreamSession upstream, CollectionPush push, List<PreparedEntry> entries, CancellationToken cancellationToken)
    {
        var asked = unanswered.TakeNew(push.Local, entries);
        if (asked.Count == 0) return DrainResult.Nothing;

        var answer = await upstream.AskForManyAsync(push.Upstream, [.. asked.Select(entry => entry.Id)], cancellationToken);
        if (!answer.IsSuccess) return DrainResult.Nothing;

        var held = answer.Readable("successes").ToDictionary(document => document.Key, document => UpstreamMark.Of(document.Value), StringComparer.Ordinal);
        var arrived = asked.FindAll(entry => held.TryGetValue(entry.Id, out var mark) && mark == entry.Mark);
        entries.RemoveAll(arrived.Contains);
        foreach (var entry in arrived) unanswered.Arrived(push.Local, entry.Id, held[entry.Id]);
        return await DeliveredAsync(push, arrived, cancellationToken);
    }

    /// <summary>
    /// Where documents come down, too: what the upstream holds of these and we do not know of is taken over first, and with it the conflict decided. They are then pushed with the next
    /// batch, or not at all. A Kuzzle cannot be asked to write only what is as we know it, so somebody who writes between the two requests is overwritten.
    /// </summary>
    private async Task<DrainResult> TakeForeignAsync(UpstreamSession upstream, CollectionPush push, List<PreparedEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0 || push.Rule is not { Direction: SyncDirection.Both, Conflict: not ConflictPolicy.Edge }) return DrainResult.Nothing; // All of it may have arrived before.

        var answer = await upstream.AskForManyAsync(push.Upstream, [.. entries.Select(entry => entry.Id)], cancellationToken);
        if (answer.IsCollectionMissing) return DrainResult.Nothing;
        if (!answer.IsSuccess)
        {
            var unknown = entries.ToList();
            entries.Clear();
            return await PutOffAsync(push, unknown, answer, cancellationToken);
        }

        var held = answer.Readable("successes");
        var foreign = entries.FindAll(entry =>
        {
            UpstreamMark? there = held.TryGetValue(entry.Id, out var source) && (push.Rule.Filter?.Matches(entry.Id, source) ?? true) ? UpstreamMark.Of(source) : null;
            return there != entry.Entry.Known && there != entry.Mark && !unanswered.MayBe(push.Local, entry.Id, there);
        });
        if (foreign.Count == 0) return DrainResult.Nothing;

        await down.FetchAsync(upstream, push.Local, [.. foreign.Select(entry => entry.Id)], cancellationToken);
        entries.RemoveAll(foreign.Contains);
        return new DrainResult(0, 0, foreign.Count);
    }

    /// <summary>As many as may travel together now; one that is larger than a request should be travels alone.</summary>
    private int CountOfNextPart(List<PreparedEntry> entries, CollectionPush push)
    {
        var most = Math.Min(Math.Min(_batch.Size, push.Rule.BatchSize ?? int.MaxValue), entries.Count);
        if (entries[0].Json is null) most = Math.Min(most, MaxDeletions);
        var mostBytes = Math.Min(options.BatchBytes, _pace.MaxRequestBytes);
        var bytes = 0L;
        for (var i = 0; i < most; i++)
        {
            var together = _broken.MostWith(push.Local, entries[i].Id);
            bytes += entries[i].Bytes;
            if (i > 0 && (bytes > mostBytes || i >= together)) return i;
            most = Math.Min(most, together);
        }

        return most;
    }

    private async Task<DrainResult> PushAsync(UpstreamSession upstream, CollectionPush push, List<PreparedEntry> entries, bool isAlone, CancellationToken cancellationToken)
    {
        var isDeletion = entries[0].Json is null;
        UpstreamAnswer answer;
        try
        {
            answer = await SendAsync(upstream, push, entries, isDeletion, cancellationToken);
            _broken.Answered(push.Local, entries);
        }
        catch (LinkBrokenException broken)
        {
            if (_broken.Add(push.Local, entries, isAlone) >= MaxBreaks) await PutBehindAsync(entries[0], broken, cancellationToken);
            throw;
        }

        if (answer.IsCollectionMissing)
        {
            if (isDeletion) return await DeliveredAsync(push, entries, cancellationToken); // What never arrived need not be deleted.

            var created = await CreateCollectionAsync(upstream, push, cancellationToken);
            if (!created.IsSuccess) return await PutOffAsync(push, entries, created, cancellationToken);
            answer = await SendAsync(upstream, push, entries, isDeletion, cancellationToken);
        }

        if (answer.IsSuccess) return await SettleAsync(push, entries, answer, isDeletion, cancellationToken);
        if (Refusals.Of(answer) != RefusalKind.ForGood) return await PutOffAsync(push, entries, answer, cancellationToken);

        // The request as a whole is refused for good, because of one of its documents or of its size. Alone, each shows whether it is the one.
        if (entries.Count == 1) return await ParkAsync(entries[0], answer.Complaint, cancellationToken);

        _batch.Shrink();
        var result = DrainResult.Nothing;
        foreach (var half in entries.Chunk((entries.Count + 1) / 2)) result += await PushAsync(upstream, push, [.. half], isAlone: false, cancellationToken);
        return result;
    }

    /// <summary>What is no document's fault: all waits, or this collection does. Rights are given by collection, and what may go up must not wait for what may not yet.</summary>
    private async Task<DrainResult> PutOffAsync(CollectionPush push, List<PreparedEntry> entries, UpstreamAnswer answer, CancellationToken cancellationToken)
    {
        if (Refusals.Of(answer) == RefusalKind.LinkMayPassLater) throw new LinkBrokenException($"{options.Url} refuses: {answer.Complaint}");

        LogPutOff(logger, push.Upstream, answer.Complaint);
        return await DeferAsync(entries, cancellationToken);
    }

    private async Task<UpstreamAnswer> SendAsync(
        UpstreamSession upstream, CollectionPush push, List<PreparedEntry> entries, bool isDeletion, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        try
        {
            var answer = await upstream.AskAsync(
                request =>
                {
                    WriteTarget(request, push.Upstream);
                    if (isDeletion) WriteDeletions(request, entries);
                    else WriteDocuments(request, entries);
                    _pace.Spend(request.BytesCommitted + request.BytesPending);
                },
                cancellationToken,
                timeToSend: entries.Count == 1 ? AnswerTime.ToSend(entries[0].Bytes) : default);
            _batch.Took(clock.GetElapsedTime(began), entries.Count);
            return answer;
        }
        catch (Exception broken) when (broken is LinkBrokenException or OperationCanceledException)
        {
            // Perhaps it was too much for the line; if not, it soon grows again.
            if (broken is LinkBrokenException) _batch.Shrink();
            unanswered.Add(push.Local, entries);
            throw;
        }
    }

    // bulk:mWrite stores the body as it is, metadata included, so both stores end up equal; notify lets subscribers up there hear of it.
    private static void WriteDocuments(Utf8JsonWriter request, List<PreparedEntry> entries)
    {
        request.WriteString("controller", "bulk");
        request.WriteString("action", "mWrite");
        request.WriteBoolean("notify", true);
        request.WriteStartObject("body");
        request.WriteStartArray("documents");
        foreach (var entry in entries)
        {
            request.WriteStartObject();
            request.WriteString("_id", entry.Id);
            request.WritePropertyName("body");
            request.WriteRawValue(entry.Json!.Value.Span, skipInputValidation: true);
            request.WriteEndObject();
        }

        request.WriteEndArray();
        request.WriteEndObject();
    }

    private static void WriteDeletions(Utf8JsonWriter request, List<PreparedEntry> entries)
    {
        request.WriteString("controller", "document");
        request.WriteString("action", "mDelete");
        request.WriteStartObject("body");
        request.WriteStartArray("ids");
        foreach (var entry in entries) request.WriteStringValue(entry.Id);
        request.WriteEndArray();
        request.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter request, CollectionName collection)
    {
        request.WriteString("index", collection.Index);
        request.WriteString("collection", collection.Collection);
    }

    /// <summary>collection:create makes a missing index too, and leaves an existing collection as it is but for the mapping.</summary>
    private async Task<UpstreamAnswer> CreateCollectionAsync(UpstreamSession upstream, CollectionPush push, CancellationToken cancellationToken)
    {
        store.Catalogue.TryGetCollection(push.Local, out var definition);
        var answer = await upstream.AskAsync(
            request =>
            {
                request.WriteString("controller", "collection");
                request.WriteString("action", "create");
                WriteTarget(request, push.Upstream);
                if (definition is null) return;

                request.WriteStartObject("body");
                request.WritePropertyName("mappings");
                definition.Mapping.WriteTo(request);
                request.WriteEndObject();
            },
            cancellationToken);

        if (answer.IsSuccess) LogCollectionCreated(logger, push.Upstream, options.Url);
        return answer;
    }

    /// <summary>Takes out what was acknowledged; what was refused one by one is parked, or left for later.</summary>
    private async Task<DrainResult> SettleAsync(
        CollectionPush push, List<PreparedEntry> entries, UpstreamAnswer answer, bool isDeletion, CancellationToken cancellationToken)
    {
        var refusals = Refusals.ById(answer.Result);
        var successes = Refusals.SuccessesOf(answer.Result);
        var delivered = new List<PreparedEntry>(entries.Count);
        var deferred = new List<PreparedEntry>();
        var result = DrainResult.Nothing;
        foreach (var entry in entries)
        {
            if (refusals.TryGetValue(entry.Id, out var refusal))
            {
                var kind = Refusals.OfDocument(refusal.Status);
                if (isDeletion && refusal.Status == 404) delivered.Add(entry);
                else if (kind == RefusalKind.LinkMayPassLater || (kind == RefusalKind.WaitsAside && entry.Entry.Attempts + 1 < MaxAttempts)) deferred.Add(entry);
                else result += await ParkAsync(entry, $"{refusal.Reason} ({refusal.Status})", cancellationToken);
            }
            else if (successes.Contains(entry.Id))
            {
                delivered.Add(entry);
            }
            else
            {
                deferred.Add(entry);
            }
        }

        result += await DeferAsync(deferred, cancellationToken);
        result += await DeliveredAsync(push, delivered, cancellationToken);

        // When it can take none of several, it is not for what they hold, and whatever comes next would only travel in vain.
        return entries.Count > 1 && entries.TrueForAll(IsForLater) ? throw new LinkBrokenException($"{options.Url} takes nothing now: {refusals[entries[0].Id].Reason}") : result;

        bool IsForLater(PreparedEntry entry) => refusals.TryGetValue(entry.Id, out var refusal) && Refusals.OfDocument(refusal.Status) == RefusalKind.LinkMayPassLater;
    }

    private async Task<DrainResult> DeliveredAsync(CollectionPush push, List<PreparedEntry> entries, CancellationToken cancellationToken)
    {
        // A link that also takes things over looks again at what it holds of a doubtful one; others deliver it once more.
        var doubtful = entries.ToLookup(entry => push.Rule.Direction == SyncDirection.Up ? unanswered.Until(push.Local, entry.Id) : null);
        await outbox.RemoveAsync([.. doubtful[null].Select(entry => entry.Delivered(push.Rule))], cancellationToken);
        foreach (var late in doubtful)
        {
            if (late.Key is { } until) await outbox.RepeatAsync([.. late.Select(entry => entry.Delivered(push.Rule))], until, cancellationToken);
        }

        return new DrainResult(entries.Count, 0, 0);
    }

    /// <summary>Each waits longer the oftener it was tried.</summary>
    private async Task<DrainResult> DeferAsync(List<PreparedEntry> entries, CancellationToken cancellationToken)
    {
        foreach (var attempts in entries.GroupBy(entry => entry.Entry.Attempts))
        {
            var delay = TimeSpan.FromTicks(Math.Min(MaxDelay.Ticks, FirstDelay.Ticks << Math.Min(attempts.Key, 20)));
            await outbox.DeferAsync([.. attempts.Select(entry => entry.Entry)], clock.GetUtcNow() + delay, cancellationToken);
        }

        return new DrainResult(0, 0, entries.Count);
    }

    /// <summary>The connection broke under it again and again, alone: the others go first, and in the end without it.</summary>
    private async Task PutBehindAsync(PreparedEntry entry, LinkBrokenException broken, CancellationToken cancellationToken)
    {
        LogPutBehind(logger, entry.Entry.Collection, entry.Id, entry.Bytes, broken.Message);
        if (entry.Entry.Attempts + 1 < MaxAttempts) await DeferAsync([entry], cancellationToken);
        else await ParkAsync(entry, $"each time that this was sent ({entry.Bytes} bytes), the connection broke: {broken.Message}", cancellationToken);
    }

    private async Task<DrainResult> ParkAsync(PreparedEntry entry, string reason, CancellationToken cancellationToken)
    {
        LogParked(logger, entry.Entry.Collection, entry.Id, reason);
        await outbox.ParkAsync(entry.Entry, reason, cancellationToken);
        return new DrainResult(0, 1, 0);
    }

    /// <summary>Entries of a collection that no rule lets up any more: what was changed stays here.</summary>
    private async Task<DrainResult> ForgetAsync(CollectionName collection, List<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        LogForgotten(logger, collection, entries.Count);
        await outbox.RemoveAsync(entries, cancellationToken);
        return new DrainResult(0, 0, entries.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created {Collection} on {Upstream}")]
    private static partial void LogCollectionCreated(ILogger logger, CollectionName collection, Uri upstream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The upstream refuses {Collection}/{Id} for good; it is kept aside: {Reason}")]
    private static partial void LogParked(ILogger logger, CollectionName collection, string id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The upstream takes nothing for {Collection} now; it is tried again later: {Complaint}")]
    private static partial void LogPutOff(ILogger logger, CollectionName collection, string complaint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection breaks whenever {Collection}/{Id} is sent ({Bytes} bytes); the others go before it: {Fault}")]
    private static partial void LogPutBehind(ILogger logger, CollectionName collection, string id, int bytes, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "No rule lets {Collection} up any more; {Count} changes of it stay here")]
    private static partial void LogForgotten(ILogger logger, CollectionName collection, int count);
}
