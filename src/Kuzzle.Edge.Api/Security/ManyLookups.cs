using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Storage;

namespace Kuzzle.Edge.Api.Security;

/// <summary>Several documents of security: those named, of which each must be there, or a page of those that a condition finds.</summary>
internal static class ManyLookups
{
    /// <summary><c>security:mGetRoles</c> and <c>mGetProfiles</c>.</summary>
    public static async ValueTask<ApiResult> RunAsync(
        ApiRequest request, SecurityDocuments documents, ApiLimits limits, CollectionName collection, Func<string, ApiError> notFound, CancellationToken cancellationToken)
    {
        if (!request.TryGetIds(out var ids, out var refusal)) return refusal;
        if (ids.Count > limits.DocumentsFetchCount) return StorageErrors.GetLimitExceeded(limits.DocumentsFetchCount);

        var found = await documents.Store.FindAsync(collection, ids, cancellationToken);
        for (var i = 0; i < ids.Count; i++)
        {
            if (found[i] is null) return notFound(ids[i]);
        }

        return ApiResult.Ok(new JsonObject { ["hits"] = new JsonArray([.. found.Select(document => DocumentAnswers.WithoutVersion(document!))]) });
    }

    /// <summary>A page, by the request's <c>from</c> and <c>size</c>, of what a condition on the book finds, which no query could say.</summary>
    public static async ValueTask<ApiResult> SearchAsync(
        ApiRequest request, SecurityDocuments documents, ApiLimits limits, CollectionName collection, Func<StoredDocument, bool> condition, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var from = arguments.Integer("from", 0);
        var size = arguments.Integer("size", limits.DocumentsFetchCount);
        if (from < 0) arguments.Refuse(AssertErrors.InvalidArgument("from", "a number of at least 0"));
        if (size < 0) arguments.Refuse(AssertErrors.InvalidArgument("size", "a number of at least 0"));
        if (arguments.AreWrong(out var refusal)) return refusal;

        var found = (await documents.AllAsync(collection, cancellationToken)).Where(condition).ToList();
        return ApiResult.Ok(new JsonObject
        {
            ["hits"] = new JsonArray([.. found.Skip(from).Take(size).Select(DocumentAnswers.WithoutVersion)]),
            ["total"] = found.Count,
        });
    }
}
