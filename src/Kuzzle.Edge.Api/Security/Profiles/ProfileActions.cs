using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Storage;
using Kuzzle.Edge.Api.Security.Users;

namespace Kuzzle.Edge.Api.Security.Profiles;

/// <summary>The actions of <c>security</c> on profiles.</summary>
internal sealed class ProfileActions(KuzzleSecurity security, ProfileRules rules, UserRecords users, SecuritySearch searches, ApiLimits limits)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Security =>
    [
        new("createProfile", WriteAsync),
        new("createOrReplaceProfile", WriteAsync),
        new("updateProfile", WriteAsync),
        new("getProfile", GetAsync),
        new("mGetProfiles", GetManyAsync),
        new("searchProfiles", SearchAsync),
        new("scrollProfiles", (request, cancellationToken) => searches.ScrollAsync(request, SecurityCollections.Profiles, DocumentAnswers.WithoutVersion, cancellationToken)),
        new("deleteProfile", DeleteAsync),
        new("mDeleteProfiles", (request, cancellationToken) => ManyDeletions.RunAsync(request, security, limits, id => RemoveAsync(id, fromUsers: false), cancellationToken)),
    ];

    /// <summary>A profile's source, complete: without policies it has the default role.</summary>
    public static JsonElement Complete(JsonElement body)
    {
        var source = JsonObject.Create(body)!.DeepClone().AsObject();
        if (source["policies"] is not JsonArray { Count: > 0 }) source["policies"] = new JsonArray(new JsonObject { ["roleId"] = DefaultSecurity.Default });
        source["rateLimit"] ??= 0;
        return JsonElement.Parse(source.ToJsonString());
    }

    /// <summary>Stores a profile that was checked and completed.</summary>
    public PendingWrite Put(SecurityChange change, DocumentWrite write)
    {
        if (DefaultSecurity.IsDefault(write.Id)) KuzzleSecurity.NoteOwnRights(change);
        return change.Write(SecurityCollections.Profiles, write, security.Book.PutProfile);
    }

    /// <summary>Removes a profile. To be called on a turn.</summary>
    /// <param name="fromUsers">Whether users who have it lose it; else they keep it from being removed.</param>
    public async Task<ApiError?> RemoveAsync(string id, bool fromUsers)
    {
        if (DefaultSecurity.IsDefault(id)) return SecurityErrors.CannotDeleteProfile();
        if (!security.Book.HasProfile(id)) return SecurityErrors.ProfileNotFound(id);

        var owners = security.Book.UsersWith(id);
        if (owners.Count > 0 && !fromUsers) return SecurityErrors.ProfileInUse();

        var change = security.Begin();
        await users.TakeProfileAsync(change, id, owners);
        security.RemoveProfile(change, id);
        await change.CommitAsync();
        return null;
    }

    private async ValueTask<ApiResult> WriteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var id, out var refusal)
            || !request.TryGetSwitch("strict", out var isStrict, out refusal)
            || !request.TryGetBodyObject(out var body, out refusal))
        {
            return refusal;
        }

        return await security.ChangeAsync<ApiResult>(
            async () =>
            {
                var current = await security.Documents.FindAsync(SecurityCollections.Profiles, id, cancellationToken);
                if (request.Action == "updateProfile")
                {
                    if (current is null) return SecurityErrors.ProfileNotFound(id);
                    body = JsonElement.Parse(DocumentJson.MergeVerbatim(current.Source, body).Span);
                }

                if (rules.FindFault(id, body, isStrict, security.Book.HasRole) is { } fault) return fault;
                if (request.Action == "createProfile" && current is not null) return StorageErrors.DocumentAlreadyExists();

                var change = security.Begin();
                var profile = Put(change, new PutDocument(id, Roles.RoleActions.Source(Complete(body), current, request.Timestamp)));
                await change.CommitAsync();
                return ApiResult.Ok(DocumentAnswers.WithoutVersion(profile.Stored!));
            },
            cancellationToken);
    }

    private async ValueTask<ApiResult> GetAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var id, out var refusal)) return refusal;
        return await security.Documents.FindAsync(SecurityCollections.Profiles, id, cancellationToken) is { } profile
            ? ApiResult.Ok(DocumentAnswers.WithoutVersion(profile))
            : SecurityErrors.ProfileNotFound(id);
    }

    private ValueTask<ApiResult> GetManyAsync(ApiRequest request, CancellationToken cancellationToken) =>
        ManyLookups.RunAsync(request, security.Documents, limits, SecurityCollections.Profiles, SecurityErrors.ProfileNotFound, cancellationToken);

    private ValueTask<ApiResult> SearchAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (request.Body.ValueKind != JsonValueKind.Object || !request.Body.TryGetProperty("roles", out var roles) || roles.ValueKind == JsonValueKind.Null)
        {
            return searches.SearchAsync(request, SecurityCollections.Profiles, restriction: null, limits.DocumentsFetchCount, DocumentAnswers.WithoutVersion, cancellationToken);
        }

        return SearchByRolesAsync(request, roles, cancellationToken);
    }

    private async ValueTask<ApiResult> SearchByRolesAsync(ApiRequest request, JsonElement roles, CancellationToken cancellationToken)
    {
        if (roles.ValueKind != JsonValueKind.Array) return AssertErrors.InvalidType("body.roles", "array");

        var names = roles.EnumerateArray().Select(role => role.ToString()).ToHashSet(StringComparer.Ordinal);
        return await ManyLookups.SearchAsync(
            request,
            security.Documents,
            limits,
            SecurityCollections.Profiles,
            profile => names.Count == 0 || security.Book.FindProfile(profile.Id)?.Policies.Any(policy => names.Contains(policy.RoleId)) == true,
            cancellationToken);
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var id, out var refusal) || !request.TryGetText("onAssignedUsers", "fail", out var choice, out refusal)) return refusal;
        if (choice is not ("fail" or "remove")) return AssertErrors.InvalidArgument("onAssignedUsers", "\"fail\" or \"remove\"");

        return await security.ChangeAsync(() => RemoveAsync(id, choice == "remove"), cancellationToken) is { } fault ? fault : ApiResult.Ok(new JsonObject { ["_id"] = id });
    }
}
