using System.Collections.Frozen;
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
    /// <summary>One for each, so that the scroll of one collection cannot be read as another's.</summary>
    private readonly FrozenDictionary<CollectionName, ScrollRegistry> _scrolls =
        ((CollectionName[])[SecurityCollections.Users, SecurityCollections.Profiles]).ToFrozenDictionary(name => name, _ => new ScrollRegistry(documents.Store, clock));

    /// <summary>Answers a search.</summary>
    /// <param name="restriction">A field and the value that it must have, whatever the query says.</param>
    /// <param name="byDefault">How many hits when the request does not say.</param>
    /// <param name="show">What is shown of a hit.</param>
    public async ValueTask<ApiResult> SearchAsync(
        ApiRequest request, CollectionName collection, (string Field, string Value)? restriction, int byDefault, Func<StoredDocument, JsonObject> show, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var from = arguments.Integer("from", 0);
        var size = arguments.Integer("size", byDefault);
        var body = arguments.Search(request.Body);
        if (from < 0) arguments.Refuse(AssertErrors.InvalidArgument("from", "a number of at least 0"));
        if (size < 0) arguments.Refuse(AssertErrors.InvalidArgument("size", "a number of at least 0"));
        if (size - from > limits.DocumentsFetchCount) arguments.Refuse(StorageErrors.GetLimitExceeded(limits.DocumentsFetchCount));
        var scrolls = arguments.Text("scroll", "").Length > 0;
        if (!ScrollDuration.TryRead(request, out var duration, out var fault)) arguments.Refuse(fault);
        if (arguments.AreWrong(out var refusal)) return refusal;

        var search = new SearchRequest { Targets = [collection], Body = Restrict(body, restriction), From = from, Size = size };
        if (scrolls && _scrolls.TryGetValue(collection, out var registry)) return Show(await registry.OpenAsync(search, duration, cancellationToken), show);

        var found = await documents.Store.SearchAsync(search, cancellationToken);
        return found.Refusal is { } refused ? refused : ApiResult.Ok(Show(found, show));
    }

    /// <summary>Answers the next page of a scroll.</summary>
    public async ValueTask<ApiResult> ScrollAsync(ApiRequest request, CollectionName collection, Func<StoredDocument, JsonObject> show, CancellationToken cancellationToken)
    {
        if (!request.TryGetRequired("scrollId", out var id, out var refusal) || !ScrollDuration.TryRead(request, out var duration, out refusal)) return refusal;
        return await _scrolls[collection].NextAsync(id, duration, cancellationToken) is { } page ? Show(page, show) : StorageErrors.UnknownScrollId();
    }

    private static ApiResult Show(ScrollPage page, Func<StoredDocument, JsonObject> show)
    {
        if (page.Found.Refusal is { } refused) return refused;

        var answer = Show(page.Found, show);
        answer["scrollId"] = page.Id;
        return ApiResult.Ok(answer);
    }

    private static JsonObject Show(SearchOutcome found, Func<StoredDocument, JsonObject> show) =>
        new() { ["hits"] = new JsonArray([.. found.Hits.Select(hit => show(hit.Document))]), ["total"] = found.Total };

    private static JsonElement Restrict(JsonElement body, (string Field, string Value)? restriction)
    {
        if (restriction is not var (field, value)) return body;

        var search = body.ValueKind == JsonValueKind.Object ? JsonObject.Create(body)!.DeepClone().AsObject() : [];
        var filter = new JsonArray(new JsonObject { ["term"] = new JsonObject { [field] = value } });
        if (search["query"] is JsonObject { Count: > 0 } query) filter.Add(query.DeepClone());
        search["query"] = new JsonObject { ["bool"] = new JsonObject { ["filter"] = filter } };
        return JsonElement.Parse(search.ToJsonString());
    }
}
