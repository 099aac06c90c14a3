namespace Kuzzle.Edge.Api.Errors;

/// <summary>Errors about tokens and rights: domain <c>security</c>.</summary>
public static class SecurityErrors
{
    /// <summary>A token that is none, or no longer one.</summary>
    public static ApiError InvalidToken() => new("security.token.invalid", (7 << 24) | (1 << 16) | 1, 401, "The token is invalid, revoked or expired.", []);

    /// <summary>The anonymous user may not do this.</summary>
    public static ApiError Unauthorized(string controller, string action, string kuid) =>
        new("security.rights.unauthorized", (7 << 24) | (3 << 16) | 1, 401, $"Anonymous clients may not use \"{controller}:{action}\"; log in first.", [controller, action, kuid]);
}
