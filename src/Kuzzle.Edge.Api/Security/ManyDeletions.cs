using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Security;

/// <summary><c>security:mDelete*</c>: each of several is removed or not, and what was not is told.</summary>
internal static class ManyDeletions
{
    public static async ValueTask<ApiResult> RunAsync(
        ApiRequest request, KuzzleSecurity security, ApiLimits limits, Func<string, Task<ApiError?>> remove, CancellationToken cancellationToken)
    {
        if (!request.TryGetIds(out var ids, out var refusal)) return refusal;
        if (ids.Count > limits.DocumentsWriteCount) return StorageErrors.WriteLimitExceeded(limits.DocumentsWriteCount);

        var removed = new JsonArray();
        var errors = new JsonArray();
        foreach (var id in ids)
        {
            if (await security.ChangeAsync(() => remove(id), cancellationToken) is { } fault) errors.Add((JsonNode)NodeOf(fault));
            else removed.Add((JsonNode)id);
        }

        return errors.Count == 0 ? ApiResult.Ok(removed) : ApiResult.Mixed(removed, StorageErrors.IncompleteDelete(errors));
    }

    private static JsonObject NodeOf(ApiError error) => new()
    {
        ["code"] = error.Code,
        ["id"] = error.Id,
        ["message"] = error.Message,
        ["props"] = new JsonArray([.. error.Props.Select(prop => JsonValue.Create(prop))]),
        ["status"] = error.Status,
    };
}
