using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Search;

namespace Kuzzle.Edge.Api.Security.Storage;

/// <summary>Searches in the documents of security, and the pages of scrolls after the first.</summary>
internal sealed class SecuritySearch(SecurityDocuments documents, ApiLimits limits, TimeProvider clock)
{
    /// <summary>So many scrolls may be open; the one that was used longest ago makes room.</summary>
    private const int MostScrolls = 100;

    /// <summary>Kuzzle's <c>services.storageEngine.maxScrollDuration</c>.</summary>
    private static readonly TimeSpan LongestScroll = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Scroll> _scrolls = new(StringComparer.Ordinal);

    /// <summary>Answers a search.</summary>
    /// <param name="restriction">A field and the value that it must have, whatever the query says.</param>
    /// <param name="byDefault">How many hits when the request does not say.</param>
    /// <param name="show">What is shown of a hit.</param>
    public async ValueTask<ApiResult> SearchAsync(
        ApiRequest request, CollectionName collection, (string Field, string Value)? restriction, int byDefault, Func<StoredDocument, JsonObject> show, CancellationToken cancellationToken)
    {
        if (!request.TryGetInteger("from", 0, out var from, out var refusal)
            || !request.TryGetInteger("size", byDefault, out var size, out refusal)
            || !SearchBody.TryRead(request, request.Body, out var body, out refusal))
        {
            return refusal;
        }

        if (from < 0) return AssertErrors.InvalidArgument("from", "a number of at least 0");
        if (size < 0) return AssertErrors.InvalidArgument("size", "a number of at least 0");
        if (size - from > limits.DocumentsFetchCount) return StorageErrors.GetLimitExceeded(limits.DocumentsFetchCount);
        if (FindDuration(request, out var duration) is { } fault) return fault;

        var search = new SearchRequest { Targets = [collection], Body = Restrict(body, restriction), From = from, Size = size };
        return await PageAsync(search, duration is { } lasting ? new Scroll(search, lasting) : null, show, cancellationToken);
    }

    /// <summary>Answers the next page of a scroll.</summary>
    public async ValueTask<ApiResult> ScrollAsync(ApiRequest request, CollectionName collection, Func<StoredDocument, JsonObject> show, CancellationToken cancellationToken)
    {
        if (!request.TryGetRequired("scrollId", out var id, out var refusal)) return refusal;
        if (FindDuration(request, out var duration) is { } fault) return fault;

        Scroll? scroll;
        lock (_lock)
        {
            if (!_scrolls.Remove(id, out scroll) || scroll.Search.Targets[0] != collection || clock.GetElapsedTime(scroll.UsedAt) > scroll.Lasting) return UnknownScroll();
        }

        var next = scroll.Search with { From = scroll.Search.From + scroll.Search.Size };
        return await PageAsync(next, new Scroll(next, duration ?? scroll.Lasting), show, cancellationToken);
    }

    private static ApiError UnknownScroll() =>
        new("services.storage.unknown_scroll_id", (1 << 24) | (1 << 16) | 14, 404, "There is no such scroll, or no longer.", []);

    private async ValueTask<ApiResult> PageAsync(SearchRequest search, Scroll? scroll, Func<StoredDocument, JsonObject> show, CancellationToken cancellationToken)
    {
        var found = await documents.Store.SearchAsync(search, cancellationToken);
        if (found.Refusal is { } refused) return refused;

        var answer = new JsonObject { ["hits"] = new JsonArray([.. found.Hits.Select(hit => show(hit.Document))]), ["total"] = found.Total };
        if (scroll is not null) answer["scrollId"] = Keep(scroll);
        return ApiResult.Ok(answer);
    }

    private string Keep(Scroll scroll)
    {
        var id = Guid.NewGuid().ToString("N");
        lock (_lock)
        {
            if (_scrolls.Count >= MostScrolls) _scrolls.Remove(_scrolls.MinBy(entry => entry.Value.UsedAt).Key);
            _scrolls.Add(id, scroll with { UsedAt = clock.GetTimestamp() });
        }

        return id;
    }

    private static ApiError? FindDuration(ApiRequest request, out TimeSpan? duration)
    {
        duration = null;
        var given = request.Argument("scroll");
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        if (Tokens.Lifetime.Parse(given) is not (> 0 and var milliseconds)) return StorageErrors.InvalidArgument("scroll", "a duration such as \"10s\"");

        duration = TimeSpan.FromMilliseconds(milliseconds);
        return duration <= LongestScroll
            ? null
            : new ApiError(
                "services.storage.scroll_duration_too_great", (1 << 24) | (1 << 16) | 44, 400, $"A scroll can last for {LongestScroll.TotalSeconds} s at the most.", [given.ToString()]);
    }

    private static JsonElement Restrict(JsonElement body, (string Field, string Value)? restriction)
    {
        if (restriction is not var (field, value)) return body;

        var search = body.ValueKind == JsonValueKind.Object ? JsonObject.Create(body)!.DeepClone().AsObject() : [];
        var filter = new JsonArray(new JsonObject { ["term"] = new JsonObject { [field] = value } });
        if (search["query"] is JsonObject { Count: > 0 } query) filter.Add(query.DeepClone());
        search["query"] = new JsonObject { ["bool"] = new JsonObject { ["filter"] = filter } };
        return JsonElement.Parse(search.ToJsonString());
    }

    private sealed record Scroll(SearchRequest Search, TimeSpan Lasting)
    {
        public long UsedAt { get; init; }
    }
}
