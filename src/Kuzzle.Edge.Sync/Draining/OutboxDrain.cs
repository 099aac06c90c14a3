using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sync.Draining;

/// <summary>
/// Carries what waits in the outbox to the upstream, batch after batch. An entry is removed only after the upstream has acknowledged it, so a break at any
/// point costs at most the same push again, and by the document's id that has the same effect.
/// </summary>
internal sealed partial class OutboxDrain(IOutbox outbox, IDocumentStore store, UpstreamOptions options, ILogger logger)
{
    /// <summary>Pushes the oldest entries and takes them out of the outbox.</summary>
    /// <exception cref="LinkBrokenException">The upstream cannot take anything now; all that was not acknowledged is still in the outbox.</exception>
    public async Task<DrainResult> PushBatchAsync(KuzzleSocket upstream, CancellationToken cancellationToken)
    {
        var entries = await outbox.PeekAsync(options.BatchSize, cancellationToken);
        var result = DrainResult.Nothing;
        foreach (var group in entries.GroupBy(entry => (entry.Collection, IsDeletion: entry.Document is null)))
        {
            foreach (var part in InParts([.. group])) result += await PushAsync(upstream, group.Key.Collection, part, cancellationToken);
        }

        return result;
    }

    /// <summary>Cuts a group where its documents would make the request too large.</summary>
    private IEnumerable<List<OutboxEntry>> InParts(List<OutboxEntry> group)
    {
        var part = new List<OutboxEntry>();
        var bytes = 0;
        foreach (var entry in group)
        {
            var size = entry.Document?.Json.Length ?? entry.Id.Length;
            if (part.Count > 0 && bytes + size > options.BatchBytes)
            {
                yield return part;
                part = [];
                bytes = 0;
            }

            part.Add(entry);
            bytes += size;
        }

        yield return part;
    }

    private async Task<DrainResult> PushAsync(KuzzleSocket upstream, CollectionName collection, List<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        var isDeletion = entries[0].Document is null;
        var answer = await SendAsync(upstream, collection, entries, isDeletion, cancellationToken);
        if (answer.ErrorId is "services.storage.unknown_index" or "services.storage.unknown_collection")
        {
            if (isDeletion) return await DeliveredAsync(entries, cancellationToken); // What never arrived need not be deleted.

            await CreateCollectionAsync(upstream, collection, cancellationToken);
            answer = await SendAsync(upstream, collection, entries, isDeletion, cancellationToken);
        }

        if (answer.IsSuccess) return await SettleAsync(entries, answer, isDeletion, cancellationToken);
        if (answer.MayPassLater) throw new LinkBrokenException($"{options.Url} refuses: {answer.Complaint}");

        // The request as a whole is refused for good, because of one of its documents or of its size. Alone, each shows whether it is the one.
        if (entries.Count == 1) return await ParkAsync(entries[0], answer.Complaint, cancellationToken);

        var result = DrainResult.Nothing;
        foreach (var half in entries.Chunk((entries.Count + 1) / 2)) result += await PushAsync(upstream, collection, [.. half], cancellationToken);
        return result;
    }

    private static Task<UpstreamAnswer> SendAsync(
        KuzzleSocket upstream, CollectionName collection, List<OutboxEntry> entries, bool isDeletion, CancellationToken cancellationToken) =>
        upstream.AskAsync(
            request =>
            {
                WriteTarget(request, collection);
                if (isDeletion) WriteDeletions(request, entries);
                else WriteDocuments(request, entries);
            },
            cancellationToken);

    // bulk:mWrite stores the body as it is, metadata included, so both stores end up equal; notify lets subscribers up there hear of it.
    private static void WriteDocuments(Utf8JsonWriter request, List<OutboxEntry> entries)
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
            request.WriteRawValue(entry.Document!.Json.Span, skipInputValidation: true);
            request.WriteEndObject();
        }

        request.WriteEndArray();
        request.WriteEndObject();
    }

    private static void WriteDeletions(Utf8JsonWriter request, List<OutboxEntry> entries)
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
    private async Task CreateCollectionAsync(KuzzleSocket upstream, CollectionName collection, CancellationToken cancellationToken)
    {
        store.Catalogue.TryGetCollection(collection, out var definition);
        var answer = await upstream.AskAsync(
            request =>
            {
                request.WriteString("controller", "collection");
                request.WriteString("action", "create");
                WriteTarget(request, collection);
                if (definition is null) return;

                request.WriteStartObject("body");
                request.WritePropertyName("mappings");
                definition.Mapping.WriteTo(request);
                request.WriteEndObject();
            },
            cancellationToken);

        // Without the collection nothing of it can be delivered. That is the operator's to mend upstream, so it waits and is tried again.
        if (!answer.IsSuccess) throw new LinkBrokenException($"{options.Url} does not let {collection} be created: {answer.Complaint}");
        LogCollectionCreated(logger, collection, options.Url);
    }

    /// <summary>Takes out what was acknowledged; what was refused one by one is parked, or left for later.</summary>
    private async Task<DrainResult> SettleAsync(List<OutboxEntry> entries, UpstreamAnswer answer, bool isDeletion, CancellationToken cancellationToken)
    {
        var refusals = RefusalsById(answer.Result);
        var delivered = entries.FindAll(entry => !refusals.TryGetValue(entry.Id, out var refusal) || (isDeletion && refusal.Status == 404));
        var result = await DeliveredAsync(delivered, cancellationToken);
        foreach (var entry in entries.Except(delivered))
        {
            var refusal = refusals[entry.Id];
            if (refusal.Status is 409 or 429 or >= 500)
            {
                throw new LinkBrokenException($"{options.Url} cannot take {entry.Collection}/{entry.Id} now: {refusal.Reason} ({refusal.Status})");
            }

            result += await ParkAsync(entry, $"{refusal.Reason} ({refusal.Status})", cancellationToken);
        }

        return result;
    }

    private async Task<DrainResult> DeliveredAsync(List<OutboxEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count > 0) await outbox.RemoveAsync(entries, cancellationToken);
        return new DrainResult(entries.Count, 0);
    }

    private async Task<DrainResult> ParkAsync(OutboxEntry entry, string reason, CancellationToken cancellationToken)
    {
        LogParked(logger, entry.Collection, entry.Id, reason);
        await outbox.ParkAsync(entry, reason, cancellationToken);
        return new DrainResult(0, 1);
    }

    /// <summary>The items of <c>errors</c>: <c>{document: {_id}, reason, status}</c> for writes, <c>{_id, reason, status}</c> for deletions.</summary>
    private static Dictionary<string, (string Reason, int Status)> RefusalsById(JsonElement result)
    {
        var refusals = new Dictionary<string, (string, int)>(StringComparer.Ordinal);
        if (result.ValueKind != JsonValueKind.Object || !result.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array)
        {
            return refusals;
        }

        foreach (var error in errors.EnumerateArray())
        {
            var named = error.TryGetProperty("document", out var document) ? document : error;
            if (!named.TryGetProperty("_id", out var id) || id.GetString() is not { } text) continue;

            var reason = error.TryGetProperty("reason", out var why) ? why.GetString() : null;
            var status = error.TryGetProperty("status", out var number) && number.TryGetInt32(out var parsed) ? parsed : 400;
            refusals[text] = (reason ?? "refused without a reason", status);
        }

        return refusals;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created {Collection} on {Upstream}")]
    private static partial void LogCollectionCreated(ILogger logger, CollectionName collection, Uri upstream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The upstream refuses {Collection}/{Id} for good; it is kept aside: {Reason}")]
    private static partial void LogParked(ILogger logger, CollectionName collection, string id, string reason);
}
