using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Api.Security.Storage;

namespace Kuzzle.Edge.Api.Security.Users;

/// <summary>The actions on users who exist, and on oneself.</summary>
internal sealed class UserActions(KuzzleSecurity security, UserRecords users, SecuritySearch searches, ApiLimits limits)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Auth => [new("getCurrentUser", GetCurrentAsync), new("updateSelf", UpdateSelfAsync)];

    public IEnumerable<KeyValuePair<string, ActionHandler>> Security =>
    [
        new("getUser", GetAsync),
        new("mGetUsers", GetManyAsync),
        new("searchUsers", (request, cancellationToken) =>
            searches.SearchAsync(request, SecurityCollections.Users, restriction: null, limits.DocumentsFetchCount, DocumentAnswers.WithoutVersion, cancellationToken)),
        new("scrollUsers", (request, cancellationToken) => searches.ScrollAsync(request, SecurityCollections.Users, DocumentAnswers.WithoutVersion, cancellationToken)),
        new("updateUser", UpdateAsync),
        new("replaceUser", ReplaceAsync),
        new("deleteUser", DeleteAsync),
        new("mDeleteUsers", (request, cancellationToken) => ManyDeletions.RunAsync(request, security, limits, users.RemoveAsync, cancellationToken)),
        new("getUserStrategies", Controller.AtOnce(GetStrategies)),
        new("refresh", Controller.AtOnce(Refresh)),
    ];

    private async ValueTask<ApiResult> GetCurrentAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var kuid = request.Caller.Kuid ?? DefaultSecurity.AnonymousKuid;
        if (kuid != DefaultSecurity.AnonymousKuid && await security.Documents.FindAsync(SecurityCollections.Users, kuid, cancellationToken) is { } user)
        {
            var answer = UserRecords.Show(user);
            answer["strategies"] = StrategiesOf(kuid);
            return ApiResult.Ok(answer);
        }

        // The list within the list is the real server's.
        var anonymous = UserRecords.Anonymous;
        anonymous["strategies"] = new JsonArray(new JsonArray());
        return ApiResult.Ok(anonymous);
    }

    private async ValueTask<ApiResult> GetAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var kuid, out var refusal)) return refusal;
        if (kuid == DefaultSecurity.AnonymousKuid) return ApiResult.Ok(UserRecords.Anonymous);

        return await security.Documents.FindAsync(SecurityCollections.Users, kuid, cancellationToken) is { } user
            ? ApiResult.Ok(UserRecords.Show(user))
            : SecurityErrors.UserNotFound(kuid);
    }

    private async ValueTask<ApiResult> GetManyAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        // Over HTTP the list may be an argument, separated by commas.
        List<string> ids;
        if (request.Body.ValueKind == JsonValueKind.Undefined && request.Argument("ids") is { ValueKind: JsonValueKind.String } list) ids = [.. list.GetString()!.Split(',')];
        else if (!request.TryGetIds(out ids, out var refusal)) return refusal;
        if (ids.Count > limits.DocumentsFetchCount) return StorageErrors.GetLimitExceeded(limits.DocumentsFetchCount);

        var found = await security.Documents.Store.FindAsync(SecurityCollections.Users, ids, cancellationToken);
        return ApiResult.Ok(new JsonObject { ["hits"] = new JsonArray([.. found.OfType<StoredDocument>().Select(DocumentAnswers.WithoutVersion)]) });
    }

    private async ValueTask<ApiResult> UpdateSelfAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetUser(out var kuid, out var refusal) || !request.TryGetBodyObject(out var body, out refusal)) return refusal;
        if (body.ValueKind != JsonValueKind.Object) return AssertErrors.InvalidType("body", "object");
        if (body.TryGetProperty("profileIds", out _)) return AssertErrors.ForbiddenArgument("body.profileIds");
        if (body.TryGetProperty("_id", out _)) return AssertErrors.ForbiddenArgument("body._id");

        return await security.ChangeAsync(() => users.UpdateAsync(kuid, body, request), cancellationToken) is { } user
            ? ApiResult.Ok(UserRecords.Show(user))
            : SecurityErrors.UserNotFound(kuid);
    }

    private async ValueTask<ApiResult> UpdateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var kuid, out var refusal) || !request.TryGetBodyObject(out var body, out refusal)) return refusal;
        if (body.ValueKind != JsonValueKind.Object) return AssertErrors.InvalidType("body", "object");

        return await security.ChangeAsync<ApiResult>(
            async () =>
            {
                if (body.TryGetProperty("profileIds", out var ids))
                {
                    if (users.FindProfileFault(ids, "body.profileIds") is { } fault) return fault;
                    if (FindAnonymousFault(kuid, ids) is { } unfit) return unfit;
                }

                return await users.UpdateAsync(kuid, body, request) is { } user ? ApiResult.Ok(UserRecords.Show(user)) : SecurityErrors.UserNotFound(kuid);
            },
            cancellationToken);
    }

    private async ValueTask<ApiResult> ReplaceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var kuid, out var refusal) || !request.TryGetBodyObject(out var body, out refusal)) return refusal;
        if (body.ValueKind != JsonValueKind.Object) return AssertErrors.InvalidType("body", "object");

        return await security.ChangeAsync<ApiResult>(
            async () =>
            {
                var ids = body.TryGetProperty("profileIds", out var given) ? given : default;
                if (users.FindProfileFault(ids, "body.profileIds") is { } fault) return fault;
                if (FindAnonymousFault(kuid, ids) is { } unfit) return unfit;
                if (kuid == DefaultSecurity.AnonymousKuid || !security.Book.HasUser(kuid)) return SecurityErrors.UserNotFound(kuid);

                var change = security.Begin();
                var user = users.Put(change, kuid, body, Metadata.Created(request));
                await change.CommitAsync();
                return ApiResult.Ok(UserRecords.Show(user.Stored!));
            },
            cancellationToken);
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var kuid, out var refusal)) return refusal;
        return await security.ChangeAsync(() => users.RemoveAsync(kuid), cancellationToken) is { } fault ? fault : ApiResult.Ok(new JsonObject { ["_id"] = kuid });
    }

    private ApiResult GetStrategies(ApiRequest request)
    {
        if (!request.TryGetId(out var kuid, out var refusal)) return refusal;
        if (!security.Book.HasUser(kuid)) return SecurityErrors.UserNotFound(kuid);

        var strategies = StrategiesOf(kuid);
        return ApiResult.Ok(new JsonObject { ["strategies"] = strategies, ["total"] = strategies.Count });
    }

    /// <summary>Everything here is visible at once; the argument is checked all the same.</summary>
    private static ApiResult Refresh(ApiRequest request)
    {
        var collection = request.Collection ?? "";
        if (collection.Length == 0) return AssertErrors.MissingArgument("collection");
        return collection is "users" or "profiles" or "roles"
            ? ApiResult.Ok(null)
            : AssertErrors.UnexpectedArgument(collection, "users, profiles, roles");
    }

    private JsonArray StrategiesOf(string kuid) => security.Book.CredentialsOf(kuid) is null ? [] : new JsonArray(JsonValue.Create(LocalStrategy.Name));

    private static ApiError? FindAnonymousFault(string kuid, JsonElement profileIds) =>
        kuid == DefaultSecurity.AnonymousKuid && !profileIds.EnumerateArray().Any(id => id.ValueEquals(DefaultSecurity.Anonymous)) ? SecurityErrors.AnonymousProfileRequired() : null;
}
