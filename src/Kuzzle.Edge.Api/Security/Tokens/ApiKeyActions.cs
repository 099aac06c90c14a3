using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Storage;

namespace Kuzzle.Edge.Api.Security.Tokens;

/// <summary>API keys: one's own in <c>auth</c>, anybody's in <c>security</c>.</summary>
internal sealed class ApiKeyActions(KuzzleSecurity security, SecuritySearch searches)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Auth =>
    [
        new("createApiKey", (request, cancellationToken) => request.TryGetUser(out var kuid, out var refusal) ? CreateAsync(request, kuid, security.Options.ApiKeyMaxTtl, cancellationToken) : new(refusal)),
        new("deleteApiKey", (request, cancellationToken) => request.TryGetUser(out var kuid, out var refusal) ? DeleteAsync(request, kuid, cancellationToken) : new(refusal)),
        new("searchApiKeys", (request, cancellationToken) => request.TryGetUser(out var kuid, out var refusal) ? SearchAsync(request, kuid, cancellationToken) : new(refusal)),
    ];

    public IEnumerable<KeyValuePair<string, ActionHandler>> Security =>
    [
        new("createApiKey", (request, cancellationToken) => TryGetOwner(request, out var kuid) is { } refusal ? new(refusal) : CreateAsync(request, kuid, most: null, cancellationToken)),
        new("deleteApiKey", (request, cancellationToken) => request.TryGetRequired("userId", out var kuid, out var refusal) ? DeleteAsync(request, kuid, cancellationToken) : new(refusal)),
        new("searchApiKeys", (request, cancellationToken) => request.TryGetRequired("userId", out var kuid, out var refusal) ? SearchAsync(request, kuid, cancellationToken) : new(refusal)),
    ];

    private ApiError? TryGetOwner(ApiRequest request, out string kuid)
    {
        if (!request.TryGetRequired("userId", out kuid, out var refusal)) return refusal;
        return security.Book.HasUser(kuid) && kuid != DefaultSecurity.AnonymousKuid ? null : SecurityErrors.UserNotFound(kuid);
    }

    private async ValueTask<ApiResult> CreateAsync(ApiRequest request, string kuid, TimeSpan? most, CancellationToken cancellationToken)
    {
        if (!request.TryGetOptionalId(out var id, out var refusal)
            || !request.TryGetLifetime(Token.Never, most, out var ttl, out refusal)
            || !request.TryGetFromBody("description", JsonValueKind.String, out var description, out refusal))
        {
            return refusal;
        }

        id ??= Guid.NewGuid().ToString();
        return await security.ChangeAsync<ApiResult>(
            async () =>
            {
                if (!security.Book.HasUser(kuid)) return SecurityErrors.UserNotFound(kuid);

                var issued = await security.Sessions.IssueKeyAsync(id, kuid, ttl, description.GetString()!, Metadata.Created(request));
                if (issued is not var (document, text)) return StorageErrors.DocumentAlreadyExists();

                var source = DocumentAnswers.Source(document);
                source["token"] = text;
                return ApiResult.Ok(new JsonObject { ["_id"] = id, ["_source"] = source });
            },
            cancellationToken);
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, string kuid, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var id, out var refusal)) return refusal;

        return await security.ChangeAsync<ApiResult>(
            async () =>
            {
                var key = await security.Documents.FindAsync(SecurityCollections.ApiKeys, id, cancellationToken);
                if (key is null || key.Source.GetProperty("userId").GetString() != kuid) return StorageErrors.NotFound(id, SecurityCollections.ApiKeys);

                await security.Documents.DeleteAsync(SecurityCollections.ApiKeys, [id]);
                await security.Sessions.RevokeAsync(security.Tokens.Of(kuid).Where(token => token.KeyId == id));
                return ApiResult.Ok(new JsonObject { ["_id"] = id });
            },
            cancellationToken);
    }

    private ValueTask<ApiResult> SearchAsync(ApiRequest request, string kuid, CancellationToken cancellationToken) =>
        searches.SearchAsync(request, SecurityCollections.ApiKeys, ("userId", kuid), byDefault: 10, WithoutMetadata, cancellationToken);

    private static JsonObject WithoutMetadata(StoredDocument document)
    {
        var answer = DocumentAnswers.WithoutVersion(document);
        answer["_source"]!.AsObject().Remove(Metadata.Name);
        return answer;
    }
}
