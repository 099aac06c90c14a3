using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Search;

/// <summary>The actions of <c>document</c> that begin with a query.</summary>
internal sealed class SearchController(DocumentWriter documents, ScrollRegistry registry, ApiLimits limits)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Actions =>
    [
        new("search", SearchAsync),
        new("scroll", ScrollAsync),
        new("count", CountAsync),
        new("deleteByQuery", DeleteByQueryAsync),
        new("updateByQuery", UpdateByQueryAsync),
    ];

    /// <summary>The actions of <c>bulk</c> that begin with a query.</summary>
    public IEnumerable<KeyValuePair<string, ActionHandler>> BulkActions =>
    [
        new("deleteByQuery", BulkDeleteByQueryAsync),
        new("updateByQuery", BulkUpdateByQueryAsync),
    ];

    private async ValueTask<ApiResult> SearchAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var from = arguments.Integer("from", 0);
        var size = arguments.Integer("size", 10);
        var body = arguments.Search(request.Body);
        if (from < 0) arguments.Refuse(AssertErrors.InvalidArgument("from", "a number of at least 0"));
        if (size < 0) arguments.Refuse(AssertErrors.InvalidArgument("size", "a number of at least 0"));
        if (size - from > limits.DocumentsFetchCount) arguments.Refuse(StorageErrors.GetLimitExceeded(limits.DocumentsFetchCount));
        var scrolls = request.Argument("scroll").ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
        if (!ScrollDuration.TryRead(request, out var duration, out var fault)) arguments.Refuse(fault);
        if (arguments.AreWrong(out var refusal) || !TryGetTargets(request, out var targets, out refusal)) return refusal;

        var search = new SearchRequest { Targets = targets, Body = body, From = from, Size = size };
        if (scrolls) return Show(await registry.OpenAsync(search, duration, cancellationToken));

        var found = await documents.Store.SearchAsync(search, cancellationToken);
        return found.Refusal is { } unfit ? unfit : ApiResult.Ok(Show(found));
    }

    private async ValueTask<ApiResult> ScrollAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var id = arguments.Text("scrollId", "");
        if (id.Length == 0) arguments.Refuse(AssertErrors.MissingArgument("scrollId"));
        if (!ScrollDuration.TryRead(request, out var duration, out var fault)) arguments.Refuse(fault);
        if (arguments.AreWrong(out var refusal)) return refusal;

        return await registry.NextAsync(id, duration, cancellationToken) is { } page ? Show(page) : StorageErrors.UnknownScrollId();
    }

    private static ApiResult Show(ScrollPage page)
    {
        if (page.Found.Refusal is { } fault) return fault;
        var answer = Show(page.Found);
        answer["scrollId"] = page.Id;
        answer["remaining"] = page.Remaining;
        return ApiResult.Ok(answer);
    }

    private static JsonObject Show(SearchOutcome found)
    {
        var hits = new JsonArray();
        foreach (var hit in found.Hits)
        {
            var shown = new JsonObject
            {
                ["_id"] = hit.Document.Id,
                ["_score"] = hit.Score,
                ["_source"] = hit.Source ?? DocumentAnswers.Source(hit.Document),
                ["index"] = hit.Collection.Index,
                ["collection"] = hit.Collection.Collection,
            };
            if (hit.Highlight is { } highlight) shown["highlight"] = highlight;
            hits.Add((JsonNode)shown);
        }

        var answer = new JsonObject { ["hits"] = hits, ["total"] = found.Total };
        if (found.Aggregations is { } aggregations) answer["aggregations"] = aggregations;
        return answer;
    }

    private async ValueTask<ApiResult> CountAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        arguments.FromBody("query", JsonValueKind.Object, byDefault: default);
        var body = arguments.Search(request.Body);
        arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

        var counted = await documents.Store.CountAsync(name, QueryOf(body), cancellationToken);
        return counted.Refusal is { } fault ? fault : ApiResult.Ok(new JsonObject { ["count"] = counted.Total });
    }

    private async ValueTask<ApiResult> DeleteByQueryAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        arguments.FromBody("query", JsonValueKind.Object, byDefault: default);
        var body = arguments.Search(request.Body);
        var silent = arguments.Switch("silent");
        var source = arguments.Switch("source");
        arguments.Refresh();
        arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

        var (found, fault) = await FindAllAsync(name, QueryOf(body), limits.DocumentsWriteCount, cancellationToken);
        if (fault is not null) return fault;

        var (outcomes, failure) = await documents.WriteAsync(
            request,
            name,
            [.. found.Select(document => new DeleteDocument(document.Id))],
            silent ? null : (_, outcome) => ("delete", DocumentAnswers.WithoutVersion(outcome.Before!)),
            cancellationToken);
        if (failure is not null) return failure;

        var deleted = outcomes.Where(outcome => outcome.Kind == DocumentChangeKind.Delete).Select(outcome => outcome.Before!).ToList();
        return ApiResult.Ok(new JsonObject
        {
            ["documents"] = new JsonArray([.. deleted.Select(document => source ? DocumentAnswers.WithoutVersion(document) : new JsonObject { ["_id"] = document.Id })]),
            ["ids"] = new JsonArray([.. deleted.Select(document => JsonValue.Create(document.Id))]),
        });
    }

    private async ValueTask<ApiResult> UpdateByQueryAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var body = QueryOnly(arguments);
        var changes = arguments.FromBody("changes", JsonValueKind.Object);
        var silent = arguments.Switch("silent");
        var source = arguments.Switch("source");
        arguments.Refresh();
        var definition = arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;
        if (DocumentWriter.FindFault(name, definition, changes) is { } unfit) return unfit;

        var (found, fault) = await FindAllAsync(name, QueryOf(body), limits.DocumentsWriteCount, cancellationToken);
        if (fault is not null) return fault;

        var (outcomes, failure) = await documents.WriteAsync(
            request,
            name,
            [.. found.Select(document => new UpdateDocument(document.Id, changes, request))],
            silent ? null : (_, outcome) => ("update", DocumentAnswers.Updated(outcome.After!, changes)),
            cancellationToken);
        if (failure is not null) return failure;

        var batch = new Batch();
        foreach (var outcome in outcomes)
        {
            if (outcome.Kind != DocumentChangeKind.Put) continue; // Deleted meanwhile: then the query no longer finds it.

            var answer = new JsonObject { ["_id"] = outcome.After!.Id, ["_version"] = outcome.After.Version, ["status"] = 200 };
            if (source) answer["_source"] = DocumentAnswers.Source(outcome.After);
            batch.Succeed(answer);
        }

        return batch.Answer(strict: false, "update");
    }

    /// <summary>Verbatim, in silence, and as many as may be fetched at once rather than as may be written.</summary>
    private async ValueTask<ApiResult> BulkDeleteByQueryAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        arguments.FromBody("query", JsonValueKind.Object);
        var body = arguments.Search(request.Body);
        arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

        var (found, fault) = await FindAllAsync(name, QueryOf(body), limits.DocumentsFetchCount, cancellationToken);
        if (fault is not null) return fault;

        var (outcomes, failure) = await documents.WriteAsync(
            request, name, [.. found.Select(document => new DeleteDocument(document.Id))], describe: null, cancellationToken);
        return failure is null
            ? ApiResult.Ok(new JsonObject { ["deleted"] = outcomes.Count(outcome => outcome.Kind == DocumentChangeKind.Delete) })
            : failure;
    }

    /// <inheritdoc cref="BulkDeleteByQueryAsync"/>
    private async ValueTask<ApiResult> BulkUpdateByQueryAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var body = QueryOnly(arguments);
        var changes = arguments.FromBody("changes", JsonValueKind.Object);
        var definition = arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;
        if (DocumentWriter.FindFault(name, definition, changes) is { } unfit) return unfit;

        var (found, fault) = await FindAllAsync(name, QueryOf(body), limits.DocumentsFetchCount, cancellationToken);
        if (fault is not null) return fault;

        var (outcomes, failure) = await documents.WriteAsync(
            request, name, [.. found.Select(document => new MergeDocument(document.Id, changes))], describe: null, cancellationToken);
        return failure is null ? ApiResult.Ok(new JsonObject { ["updated"] = outcomes.Count(outcome => outcome.Kind == DocumentChangeKind.Put) }) : failure;
    }

    /// <summary>The search of a body that holds other things beside its query.</summary>
    private static JsonElement QueryOnly(Arguments arguments) => arguments.Search(SearchFor(arguments.FromBody("query", JsonValueKind.Object)));

    private static JsonElement SearchFor(JsonElement query) =>
        query.ValueKind == JsonValueKind.Object ? JsonElement.Parse(new JsonObject { ["query"] = DocumentAnswers.NodeOf(query)?.DeepClone() }.ToJsonString()) : default;

    /// <summary>All documents of a query, if they are not more than may be changed at once.</summary>
    private async ValueTask<(IReadOnlyList<StoredDocument> Found, ApiError? Fault)> FindAllAsync(
        CollectionName name, JsonElement query, int limit, CancellationToken cancellationToken)
    {
        var found = await documents.Store.SearchAsync(new SearchRequest { Targets = [name], Body = SearchFor(query), Size = limit }, cancellationToken);
        if (found.Refusal is { } fault) return ([], fault);
        if (found.Total > limit) return ([], StorageErrors.WriteLimitExceeded(limit));
        return ([.. found.Hits.Select(hit => hit.Document)], null);
    }

    private bool TryGetTargets(ApiRequest request, out List<CollectionName> targets, [NotNullWhen(false)] out ApiError? refusal)
    {
        targets = [];
        var given = request.Argument("targets");
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            if (string.IsNullOrEmpty(request.Index) || string.IsNullOrEmpty(request.Collection))
            {
                refusal = AssertErrors.MissingArgument("index, collection or targets");
                return false;
            }

            var name = new CollectionName(request.Index, request.Collection);
            refusal = IsPattern(name.Index) || IsPattern(name.Collection) ? StorageErrors.InvalidMultiIndexCollectionUsage() : null;
            targets.Add(name);
        }
        else if (!SearchTargets.TryRead(given, targets, out refusal))
        {
            return false;
        }

        foreach (var target in targets)
        {
            if (refusal is not null || !documents.TryGetCollection(target, out _, out refusal)) return false;
        }

        return refusal is null;
    }

    internal static bool IsPattern(string name) => name == "_all" || name.AsSpan().ContainsAny(",*+");

    private static JsonElement QueryOf(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("query", out var query) && query.ValueKind == JsonValueKind.Object ? query : default;
}
