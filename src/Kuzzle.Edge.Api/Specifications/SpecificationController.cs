using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Search;

namespace Kuzzle.Edge.Api.Specifications;

/// <summary>The actions of <c>collection</c> about specifications, and those that check a document by them without storing it.</summary>
internal sealed class SpecificationController(SpecificationShelf shelf, ApiLimits limits)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Actions =>
    [
        new("getSpecifications", GetAsync),
        new("updateSpecifications", UpdateAsync),
        new("validateSpecifications", Controller.AtOnce(Validate)),
        new("deleteSpecifications", DeleteAsync),
        new("searchSpecifications", SearchAsync),
    ];

    /// <summary><c>document:validate</c> and <c>realtime:validate</c>.</summary>
    public async ValueTask<ApiResult> ValidateDocumentAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var body = arguments.Body();
        if (arguments.AreWrong(out var refusal)) return refusal;

        var specification = await shelf.FindAsync(name, cancellationToken);
        var faults = specification?.Check(specification.Complete(body)) ?? new DocumentFaults();
        return ApiResult.Ok(new JsonObject { ["errorMessages"] = faults.ToJson(), ["valid"] = faults.IsEmpty });
    }

    private async ValueTask<ApiResult> GetAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal)) return refusal;

        var document = await shelf.FindDocumentAsync(name, cancellationToken);
        return document is null ? ValidationErrors.NotFound(name.Index, name.Collection) : ApiResult.Ok(DocumentAnswers.Source(document));
    }

    private async ValueTask<ApiResult> UpdateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var body = arguments.Body();
        if (arguments.AreWrong(out var refusal)) return refusal;
        if (!Names.IsValid(name.Index)) return StorageErrors.InvalidIndexName(name.Index);
        if (!Names.IsValid(name.Collection)) return StorageErrors.InvalidCollectionName(name.Collection);

        var reader = shelf.ReaderOf(name);
        if (reader.Read(body) is not { } specification)
        {
            return reader is { FilterFault: { } reason, Faults.Count: 1 } ? ValidationErrors.InvalidFilters(reason) : ValidationErrors.InvalidSpecifications(string.Join(' ', reader.Faults));
        }

        await shelf.PutAsync(name, body, specification, request.Timestamp, cancellationToken);
        return ApiResult.Ok(DocumentAnswers.NodeOf(body));
    }

    private ApiResult Validate(ApiRequest request)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var body = arguments.Body();
        if (arguments.AreWrong(out var refusal)) return refusal;

        var reader = shelf.ReaderOf(name);
        if (reader.Read(body) is not null) return ApiResult.Ok(new JsonObject { ["valid"] = true });
        return ApiResult.Ok(new JsonObject
        {
            ["valid"] = false,
            ["details"] = new JsonArray([.. reader.Faults.Select(fault => JsonValue.Create(fault))]),
            ["description"] = "Some errors with provided specifications.",
        });
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal)) return refusal;

        await shelf.RemoveAsync(name, cancellationToken);
        return ApiResult.Ok(new JsonObject { ["acknowledged"] = true });
    }

    private async ValueTask<ApiResult> SearchAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var from = arguments.Integer("from", 0);
        var size = arguments.Integer("size", 10);
        if (from < 0) arguments.Refuse(AssertErrors.InvalidArgument("from", "a number of at least 0"));
        if (size < 0) arguments.Refuse(AssertErrors.InvalidArgument("size", "a number of at least 0"));
        if (size > limits.DocumentsFetchCount) arguments.Refuse(StorageErrors.GetLimitExceeded(limits.DocumentsFetchCount));
        if (arguments.AreWrong(out var refusal) || !SearchBody.TryRead(request, request.Body, out var body, out refusal)) return refusal;

        var found = await shelf.SearchAsync(body, from, size, cancellationToken);
        if (found.Refusal is { } fault) return fault;

        // Under the names that Kuzzle's own index and collection have; ours is hidden.
        return ApiResult.Ok(new JsonObject
        {
            ["hits"] = new JsonArray([.. found.Hits.Select(hit => new JsonObject
            {
                ["_id"] = hit.Document.Id,
                ["_score"] = hit.Score,
                ["_source"] = hit.Source ?? DocumentAnswers.Source(hit.Document),
                ["index"] = Names.Internal,
                ["collection"] = SpecificationShelf.Collection.Collection,
            })]),
            ["total"] = found.Total,
        });
    }
}
