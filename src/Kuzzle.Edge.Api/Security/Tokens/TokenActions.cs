using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Credentials;

namespace Kuzzle.Edge.Api.Security.Tokens;

/// <summary>The actions of <c>auth</c> that make, check and end tokens.</summary>
internal sealed class TokenActions(KuzzleSecurity security)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Auth =>
    [
        new("login", LoginAsync),
        new("logout", LogoutAsync),
        new("checkToken", Controller.AtOnce(CheckToken)),
        new("refreshToken", RefreshTokenAsync),
        new("createToken", CreateTokenAsync),
        new("getStrategies", Controller.AtOnce(_ => ApiResult.Ok(new JsonArray(LocalStrategy.Name)))),
    ];

    public IEnumerable<KeyValuePair<string, ActionHandler>> Security => [new("revokeTokens", RevokeTokensAsync)];

    private long DefaultTtl => (long)security.Options.ExpiresIn.TotalMilliseconds;

    private async ValueTask<ApiResult> LoginAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetStrategy(out var refusal)
            || !request.TryGetSwitch("cookieAuth", out var wantsCookie, out refusal)
            || !request.TryGetLifetime(DefaultTtl, security.Options.MaxTtl, out var ttl, out refusal))
        {
            return refusal;
        }

        if (wantsCookie) return SecurityErrors.CookieUnsupported();
        if (TextOf(request.Body, "username") is not { } userName || TextOf(request.Body, "password") is not { } password) return SecurityErrors.MissingUser("Missing credentials");

        var (kuid, fault) = await security.Local.LoginAsync(request.Connection, userName, password, security.Turn, cancellationToken);
        if (fault is not null) return fault;

        var issued = await security.ChangeAsync(async () => security.Book.HasUser(kuid!) ? await security.Sessions.IssueAsync(kuid!, ttl) : ((string, Token)?)null, cancellationToken);
        if (issued is not var (text, token)) return SecurityErrors.MissingUser("wrong username or password");

        // Who logs in again on its connection keeps its subscriptions; a connection of somebody else's keeps that other's until it uses the new token.
        if (request.Connection.Linked is { } before && before.UserId == kuid) security.Tokens.TryLink(request.Connection, token);
        return ApiResult.Ok(Answer(text, token, ttl));
    }

    private async ValueTask<ApiResult> LogoutAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetUser(out var kuid, out var refusal) || !request.TryGetSwitch("global", out var isGlobal, out refusal)) return refusal;

        await security.ChangeAsync(
            async () =>
            {
                if (isGlobal) await security.Sessions.RevokeLoginsOfAsync(kuid);
                else if (request.Token is { Kind: not TokenKind.ApiKey } token) await security.Sessions.RevokeAsync([token]);
                return true;
            },
            cancellationToken);
        return ApiResult.Ok(new JsonObject { ["acknowledged"] = true });
    }

    private ApiResult CheckToken(ApiRequest request)
    {
        var given = request.Body.ValueKind == JsonValueKind.Object && request.Body.TryGetProperty("token", out var sent) ? sent : default;
        if (given.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String)) return AssertErrors.InvalidType("body.token", "string");

        var text = given.ValueKind == JsonValueKind.String ? given.GetString()! : "";
        if (text.Length == 0) return ApiResult.Ok(new JsonObject { ["expiresAt"] = null, ["kuid"] = DefaultSecurity.AnonymousKuid, ["valid"] = true });

        return security.Sessions.Find(text) is { } token && security.Book.HasUser(token.UserId)
            ? ApiResult.Ok(new JsonObject { ["expiresAt"] = token.ExpiresAt, ["kuid"] = token.UserId, ["valid"] = true })
            : ApiResult.Ok(new JsonObject { ["state"] = "Invalid token.", ["valid"] = false });
    }

    private async ValueTask<ApiResult> RefreshTokenAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetUser(out _, out var refusal) || !request.TryGetLifetime(DefaultTtl, security.Options.MaxTtl, out var ttl, out refusal)) return refusal;
        if (request.Token is not { Kind: not TokenKind.Connection } old) return SecurityErrors.RefreshForbidden("a connection that logged in with a password");
        if (old.Kind == TokenKind.ApiKey) return SecurityErrors.RefreshForbidden("API Key");
        if (old.ExpiresAt == Token.Never) return SecurityErrors.RefreshForbidden("Token with infinite TTL");
        if (old.IsSingleUse) return SecurityErrors.RefreshForbidden("Single use token");

        var fresh = await security.ChangeAsync(
            async () => old.IsRevoked ? ((string, Token)?)null : await security.Sessions.RefreshAsync(old, ttl, security.Options.GracePeriod), cancellationToken);
        return fresh is var (text, token) ? ApiResult.Ok(Answer(text, token, ttl)) : SecurityErrors.InvalidToken();
    }

    private async ValueTask<ApiResult> CreateTokenAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetUser(out var kuid, out var refusal)
            || !request.TryGetSwitch("singleUse", out var isSingleUse, out refusal)
            || !request.TryGetLifetime(DefaultTtl, security.Options.MaxTtl, out var ttl, out refusal))
        {
            return refusal;
        }

        if (ttl == Token.Never) return SecurityErrors.InvalidExpiration("expiresIn", "a token made from another one must expire");

        var issued = await security.ChangeAsync(
            async () => security.Book.HasUser(kuid) ? await security.Sessions.IssueAsync(kuid, ttl, isSingleUse) : ((string, Token)?)null, cancellationToken);
        if (issued is not var (text, token)) return SecurityErrors.InvalidToken();
        return ApiResult.Ok(new JsonObject { ["expiresAt"] = token.ExpiresAt, ["singleUse"] = isSingleUse, ["token"] = text, ["ttl"] = ttl });
    }

    private async ValueTask<ApiResult> RevokeTokensAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var kuid, out var refusal)) return refusal;

        await security.ChangeAsync(
            async () =>
            {
                await security.Sessions.RevokeLoginsOfAsync(kuid);
                return true;
            },
            cancellationToken);
        return ApiResult.Ok(null);
    }

    private static JsonObject Answer(string text, Token token, long ttl) => new() { ["_id"] = token.UserId, ["expiresAt"] = token.ExpiresAt, ["jwt"] = text, ["ttl"] = ttl };

    private static string? TextOf(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
