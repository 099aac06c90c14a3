using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Security.Users;

/// <summary>The actions that make users: by somebody who may, by themselves, and the first administrator.</summary>
internal sealed class UserCreationActions(KuzzleSecurity security, UserRecords users)
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    public IEnumerable<KeyValuePair<string, ActionHandler>> Security =>
    [
        new("createUser", CreateAsync),
        new("createRestrictedUser", CreateRestrictedAsync),
        new("createFirstAdmin", CreateFirstAdminAsync),
        new("upsertUser", UpsertAsync),
        new("restrictDefaultRights", RestrictAsync),
    ];

    private async ValueTask<ApiResult> CreateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!TryReadKuid(request, out var kuid, out var refusal)
            || !request.TryGetFromBody("content", JsonValueKind.Object, out var content, out refusal)
            || !SecurityArguments.TryGetObject(request.Body, "credentials", out var credentials, out refusal))
        {
            return refusal!;
        }

        return await security.ChangeAsync<ApiResult>(
            async () =>
            {
                var ids = content.TryGetProperty("profileIds", out var given) ? given : default;
                return users.FindProfileFault(ids, "body.content.profileIds") is { } fault
                    ? fault
                    : await users.CreateAsync(kuid, content, credentials, request, cancellationToken);
            },
            cancellationToken);
    }

    private async ValueTask<ApiResult> CreateRestrictedAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!TryReadUnprivileged(request, security.Options.RestrictedProfileIds, out var kuid, out var content, out var credentials, out var refusal)) return refusal!;
        return await security.ChangeAsync(
            async () => users.FindProfileFault(content.GetProperty("profileIds"), "security.restrictedProfileIds") is { } fault
                ? fault
                : await users.CreateAsync(kuid, content, credentials, request, cancellationToken),
            cancellationToken);
    }

    private async ValueTask<ApiResult> CreateFirstAdminAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (security.Book.AdminExists) return ProcessErrors.AdminExists();
        if (!request.TryGetSwitch("reset", out var restricts, out var refusal)
            || !TryReadUnprivileged(request, [DefaultSecurity.Admin], out var kuid, out var content, out var credentials, out refusal))
        {
            return refusal!;
        }

        return await security.ChangeAsync(
            async () =>
            {
                // Asked again on the turn: of two who come at once, one is the first.
                if (security.Book.AdminExists) return ProcessErrors.AdminExists();

                var created = await users.CreateAsync(kuid, content, credentials, request, cancellationToken);
                if (restricts && created.Error is null) await security.SetDefaultsAsync(FreshRights.Restricted);
                return created;
            },
            cancellationToken);
    }

    private async ValueTask<ApiResult> UpsertAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var kuid, out var refusal)
            || !request.TryGetFromBody("content", JsonValueKind.Object, out var content, out refusal)
            || !SecurityArguments.TryGetObject(request.Body, "default", out var otherwise, out refusal)
            || !SecurityArguments.TryGetObject(request.Body, "credentials", out var credentials, out refusal))
        {
            return refusal;
        }

        return await security.ChangeAsync<ApiResult>(
            async () =>
            {
                var ids = content.TryGetProperty("profileIds", out var given) ? given : default;
                if (users.FindProfileFault(ids, "body.content.profileIds") is { } fault) return fault;
                if (await users.UpdateAsync(kuid, content, request) is { } user) return ApiResult.Ok(UserRecords.Show(user));

                var whole = JsonElement.Parse(DocumentJson.MergeVerbatim(otherwise, content).Span);
                return await users.CreateAsync(kuid, whole, credentials, request, cancellationToken);
            },
            cancellationToken);
    }

    private async ValueTask<ApiResult> RestrictAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        await security.ChangeAsync(
            async () =>
            {
                await security.SetDefaultsAsync(FreshRights.Restricted);
                return true;
            },
            cancellationToken);
        return ApiResult.Ok(null);
    }

    /// <summary>A user whose profiles are not for the request to choose.</summary>
    private bool TryReadUnprivileged(
        ApiRequest request, IReadOnlyList<string> profileIds, out string kuid, out JsonElement content, out JsonElement credentials, out ApiError? refusal)
    {
        content = credentials = Empty;
        if (!TryReadKuid(request, out kuid, out refusal)
            || !SecurityArguments.TryGetObject(request.Body, "content", out content, out refusal)
            || !SecurityArguments.TryGetObject(request.Body, "credentials", out credentials, out refusal))
        {
            return false;
        }

        if (content.TryGetProperty("profileIds", out _))
        {
            refusal = AssertErrors.ForbiddenArgument("body.content.profileIds");
            return false;
        }

        var whole = new JsonObject { ["profileIds"] = new JsonArray([.. profileIds.Select(id => JsonValue.Create(id))]) };
        foreach (var member in content.EnumerateObject()) whole[member.Name] = DocumentAnswers.NodeOf(member.Value);
        content = JsonElement.Parse(whole.ToJsonString());
        return true;
    }

    private bool TryReadKuid(ApiRequest request, out string kuid, out ApiError? refusal)
    {
        kuid = "";
        if (!request.TryGetOptionalId(out var given, out refusal) || !request.TryGetText("kuid", "human", out var kind, out refusal)) return false;
        if (kind is not ("human" or "uuid"))
        {
            refusal = AssertErrors.InvalidArgument("kuid", "\"human\" or \"uuid\"");
            return false;
        }

        kuid = given ?? users.NewKuid(kind == "uuid");
        return true;
    }
}
