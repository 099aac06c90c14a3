using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Api.Security.Storage;

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

        var ids = content.TryGetProperty("profileIds", out var given) ? given : default;
        return await CreateAsync(request, kuid, content, credentials, () => users.FindProfileFault(ids, "body.content.profileIds"), cancellationToken);
    }

    private async ValueTask<ApiResult> CreateRestrictedAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!TryReadUnprivileged(request, security.Options.RestrictedProfileIds, out var kuid, out var content, out var credentials, out var refusal)) return refusal!;
        return await CreateAsync(
            request, kuid, content, credentials, () => users.FindProfileFault(content.GetProperty("profileIds"), "security.restrictedProfileIds"), cancellationToken);
    }

    private async ValueTask<ApiResult> CreateFirstAdminAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (security.Book.AdminExists) return ProcessErrors.AdminExists();
        if (FindClaimFault(request.Body) is { } unproven) return unproven;
        if (!request.TryGetSwitch("reset", out var restricts, out var refusal)
            || !TryReadUnprivileged(request, [DefaultSecurity.Admin], out var kuid, out var content, out var credentials, out refusal))
        {
            return refusal!;
        }

        // Asked again on the turn: of two who come at once, one is the first.
        return await CreateAsync(request, kuid, content, credentials, () => security.Book.AdminExists ? ProcessErrors.AdminExists() : null, cancellationToken, change =>
        {
            if (restricts) security.SetDefaults(change, FreshRights.Restricted);
        });
    }

    /// <summary>Whether the request knows what only the box itself tells: a fresh one on its console, one that has lost its administrators to who asks it there.</summary>
    private ApiError? FindClaimFault(JsonElement body)
    {
        var given = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("claimCode", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        if (security.Ownership is { IsClaimed: true } ownership) return ownership.Admits(given) ? null : SecurityErrors.ClaimedBefore();
        return security.Options.ClaimCode is not { } code || IsEqual(given, code) ? null : SecurityErrors.ClaimCodeRequired();
    }

    /// <summary>Takes as long for one that is nearly right.</summary>
    private static bool IsEqual(string? given, string code) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given.Trim().ToUpperInvariant()), Encoding.UTF8.GetBytes(code.ToUpperInvariant()));

    private async ValueTask<ApiResult> UpsertAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var kuid, out var refusal)
            || !request.TryGetFromBody("content", JsonValueKind.Object, out var content, out refusal)
            || !SecurityArguments.TryGetObject(request.Body, "default", out var otherwise, out refusal)
            || !SecurityArguments.TryGetObject(request.Body, "credentials", out var credentials, out refusal))
        {
            return refusal;
        }

        var ids = content.TryGetProperty("profileIds", out var given) ? given : default;
        if (security.Book.HasUser(kuid))
        {
            var (updated, unfit) = await security.ChangeAsync(
                async () => users.FindProfileFault(ids, "body.content.profileIds") is { } fault ? (null, fault) : (await users.UpdateAsync(kuid, content, request), (ApiError?)null),
                cancellationToken);
            if (unfit is not null) return unfit;
            if (updated is not null) return ApiResult.Ok(UserRecords.Show(updated));
        }

        var whole = JsonElement.Parse(DocumentJson.MergeVerbatim(otherwise, content).Span);
        return await CreateAsync(request, kuid, whole, credentials, () => users.FindProfileFault(ids, "body.content.profileIds"), cancellationToken);
    }

    /// <summary>
    /// Makes a user. What may be wrong is looked for before the password is hashed, which takes its time and is done while others have their turn; and once more on the turn, for
    /// somebody may have been faster.
    /// </summary>
    /// <param name="findFault">What else may be wrong.</param>
    /// <param name="addMore">What else is done, together with it.</param>
    private async ValueTask<ApiResult> CreateAsync(
        ApiRequest request,
        string kuid,
        JsonElement content,
        JsonElement credentials,
        Func<ApiError?> findFault,
        CancellationToken cancellationToken,
        Action<SecurityChange>? addMore = null)
    {
        (string UserName, string Password)? login = null;
        if ((findFault() ?? users.FindCreationFault(kuid, credentials, out login)) is { } early) return early;

        LocalCredentials? hashed = null;
        if (login is var (userName, password))
        {
            if (await security.Local.HashAsync(password, cancellationToken) is not { } hash) return ProcessErrors.Overloaded();
            hashed = new LocalCredentials(kuid, userName, hash);
        }

        return await security.ChangeAsync<ApiResult>(
            async () =>
            {
                if ((findFault() ?? users.FindCreationFault(kuid, credentials, out _)) is { } fault) return fault;

                var change = security.Begin();
                var user = users.Create(change, kuid, content, hashed, request);
                addMore?.Invoke(change);
                await change.CommitAsync();
                return ApiResult.Ok(UserRecords.Show(user.Stored!));
            },
            cancellationToken);
    }

    private async ValueTask<ApiResult> RestrictAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        await security.ChangeAsync(
            async () =>
            {
                var change = security.Begin();
                security.SetDefaults(change, FreshRights.Restricted);
                await change.CommitAsync();
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
