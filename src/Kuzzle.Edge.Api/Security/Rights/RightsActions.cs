using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Profiles;

namespace Kuzzle.Edge.Api.Security.Rights;

/// <summary>The actions that tell who may do what.</summary>
internal sealed class RightsActions(KuzzleSecurity security)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Auth =>
    [
        new("getMyRights", Controller.AtOnce(request => Show(security.Book.ProfilesOf(request.Caller.Kuid ?? DefaultSecurity.AnonymousKuid)))),
        new("checkRights", Controller.AtOnce(request => Check(request, request.Caller.Kuid ?? DefaultSecurity.AnonymousKuid))),
    ];

    public IEnumerable<KeyValuePair<string, ActionHandler>> Security =>
    [
        new("getUserRights", Controller.AtOnce(OfUser)),
        new("getProfileRights", Controller.AtOnce(OfProfile)),
        new("checkRights", Controller.AtOnce(CheckOther)),
    ];

    private ApiResult OfUser(ApiRequest request)
    {
        if (!request.TryGetId(out var kuid, out var refusal)) return refusal;
        return security.Book.HasUser(kuid) ? Show(security.Book.ProfilesOf(kuid)) : SecurityErrors.UserNotFound(kuid);
    }

    private ApiResult OfProfile(ApiRequest request)
    {
        if (!request.TryGetId(out var id, out var refusal)) return refusal;
        return security.Book.HasProfile(id) ? Show([id]) : SecurityErrors.ProfileNotFound(id);
    }

    private ApiResult CheckOther(ApiRequest request)
    {
        if (!request.TryGetRequired("userId", out var kuid, out var refusal)) return refusal;
        return security.Book.HasUser(kuid) ? Check(request, kuid) : SecurityErrors.UserNotFound(kuid);
    }

    private ApiResult Check(ApiRequest request, string kuid)
    {
        if (!request.TryGetFromBody("controller", JsonValueKind.String, out var controller, out var refusal)
            || !request.TryGetFromBody("action", JsonValueKind.String, out var action, out refusal))
        {
            return refusal;
        }

        var isAllowed = security.Book.Allows(kuid, controller.GetString()!, action.GetString()!, TextOf(request.Body, "index"), TextOf(request.Body, "collection"));
        return ApiResult.Ok(new JsonObject { ["allowed"] = isAllowed });
    }

    private ApiResult Show(IEnumerable<string> profiles)
    {
        // What one policy allows, no other takes back.
        var rights = new Dictionary<(string Controller, string Action, string Index, string Collection), bool>();
        foreach (var policy in profiles.Select(security.Book.FindProfile).OfType<Profile>().SelectMany(profile => profile.Policies))
        {
            if (security.Book.FindRole(policy.RoleId) is not { } role) continue;
            foreach (var (controller, action, isAllowed) in role.Entries)
            {
                foreach (var (index, collection) in PlacesOf(policy))
                {
                    var key = (controller, action, index, collection);
                    rights[key] = isAllowed || rights.GetValueOrDefault(key);
                }
            }
        }

        var hits = new JsonArray();
        foreach (var ((controller, action, index, collection), isAllowed) in rights)
        {
            hits.Add((JsonNode)new JsonObject
            {
                ["action"] = action,
                ["collection"] = collection,
                ["controller"] = controller,
                ["index"] = index,
                ["value"] = isAllowed ? "allowed" : "denied",
            });
        }

        return ApiResult.Ok(new JsonObject { ["hits"] = hits, ["total"] = hits.Count });
    }

    private static IEnumerable<(string Index, string Collection)> PlacesOf(Policy policy)
    {
        if (policy.RestrictedTo.Count == 0) return [("*", "*")];
        return policy.RestrictedTo.SelectMany(restriction =>
            restriction.Collections.Count == 0 ? [(restriction.Index, "*")] : restriction.Collections.Select(collection => (restriction.Index, collection)));
    }

    private static string? TextOf(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
