namespace Kuzzle.Edge.Api.Errors;

/// <summary>Errors about tokens, credentials, rights, users, profiles and roles: domain <c>security</c>.</summary>
public static class SecurityErrors
{
    private static ApiError Token(string name, int number, int status, string message, params string[] props) => Error("token", 1, name, number, status, message, props);

    private static ApiError Credentials(string name, int number, int status, string message, params string[] props) =>
        Error("credentials", 2, name, number, status, message, props);

    private static ApiError Rights(string name, int number, int status, string message, params string[] props) => Error("rights", 3, name, number, status, message, props);

    private static ApiError User(string name, int number, int status, string message, params string[] props) => Error("user", 4, name, number, status, message, props);

    private static ApiError Role(string name, int number, int status, string message, params string[] props) => Error("role", 5, name, number, status, message, props);

    private static ApiError Profile(string name, int number, int status, string message, params string[] props) => Error("profile", 6, name, number, status, message, props);

    private static ApiError Error(string subdomain, int part, string name, int number, int status, string message, string[] props) =>
        new($"security.{subdomain}.{name}", (7 << 24) | (part << 16) | number, status, message, props);

    /// <summary>A token that is none, or no longer one.</summary>
    public static ApiError InvalidToken() => Token("invalid", 1, 401, "The token is invalid, revoked or expired.");

    /// <summary>A token shall live longer than the configuration allows.</summary>
    public static ApiError TtlExceeded() => Token("ttl_exceeded", 4, 400, "\"expiresIn\" is more than the configured maximum.");

    /// <summary>A token that cannot be exchanged for a new one.</summary>
    public static ApiError RefreshForbidden(string what) => Token("refresh_forbidden", 8, 401, $"It cannot be refreshed: {what}.", what);

    /// <summary>A lifetime that this token cannot have.</summary>
    public static ApiError InvalidExpiration(string argument, string hint) =>
        Token("invalid_expiration", 9, 400, $"The argument \"{argument}\" is invalid: {hint}.", argument, hint);

    /// <summary>No such way to log in.</summary>
    public static ApiError UnknownStrategy(string strategy) =>
        Credentials("unknown_strategy", 1, 400, $"There is no authentication strategy \"{strategy}\"; there is \"local\".", strategy);

    /// <summary>There are credentials of a user that is only being created.</summary>
    public static ApiError CredentialsExist(string kuid) => Credentials("database_inconsistency", 2, 500, $"The user \"{kuid}\" has credentials already.", kuid);

    /// <summary>The anonymous user may not do this.</summary>
    public static ApiError Unauthorized(string controller, string action, string kuid) =>
        Rights("unauthorized", 1, 401, $"Anonymous clients may not use \"{controller}:{action}\"; log in first.", controller, action, kuid);

    /// <summary>Only somebody who is logged in can do this, whatever the rights say.</summary>
    public static ApiError LoginRequired(string controller, string action) =>
        Rights("unauthorized", 1, 401, $"\"{controller}:{action}\" is for users who are logged in.", controller, action);

    /// <summary>Nobody has proven yet that the box is theirs.</summary>
    public static ApiError ClaimCodeRequired() =>
        Rights("unauthorized", 1, 401, "This box wants its claim code as \"body.claimCode\"; its console shows it.", "security", "createFirstAdmin");

    /// <summary>The box had an administrator, who is lost with the database.</summary>
    public static ApiError ClaimedBefore() =>
        Rights(
            "unauthorized",
            1,
            401,
            "This box has an owner, and has lost its administrators with its database. Restore a backup; or run \"kuzzle-edge claim --reset\" on the box and bring the code that it tells as \"body.claimCode\".",
            "security",
            "createFirstAdmin");

    /// <summary>The user may not do this.</summary>
    public static ApiError Forbidden(string controller, string action, string kuid) =>
        Rights("forbidden", 2, 403, $"The user \"{kuid}\" may not use \"{controller}:{action}\" here.", controller, action, kuid);

    /// <summary>A user of that identifier exists.</summary>
    public static ApiError UserAlreadyExists(string kuid) => User("already_exists", 1, 412, $"A user \"{kuid}\" exists already.", kuid);

    /// <summary>No such user.</summary>
    public static ApiError UserNotFound(string kuid) => User("not_found", 2, 404, $"There is no user \"{kuid}\".", kuid);

    /// <summary>The anonymous user has its profile, and keeps it.</summary>
    public static ApiError AnonymousProfileRequired() => User("anonymous_profile_required", 3, 400, "The anonymous user must keep the profile \"anonymous\".");

    /// <summary>Users exist that were to be loaded.</summary>
    public static ApiError PreventOverwrite() => User("prevent_overwrite", 6, 400, "Some of the users exist already; say what to do with \"onExistingUsers\": skip or overwrite.");

    /// <summary>No such role.</summary>
    public static ApiError RoleNotFound(string role) => Role("not_found", 1, 404, $"There is no role \"{role}\".", role);

    /// <summary>The anonymous role must let clients log in.</summary>
    public static ApiError LoginRightRequired() => Role("login_required", 2, 400, "The role \"anonymous\" must allow auth:login.");

    /// <summary>A role that always exists.</summary>
    public static ApiError CannotDeleteRole() => Role("cannot_delete", 3, 400, "The roles admin, default and anonymous cannot be deleted.");

    /// <summary>A role that profiles refer to.</summary>
    public static ApiError RoleInUse(string role) => Role("in_use", 4, 412, $"The role \"{role}\" is used by a profile.", role);

    /// <summary>A role about a controller that does not exist here.</summary>
    public static ApiError UnknownController(string role, string controller) =>
        Role("unknown_controller", 9, 400, $"The role \"{role}\" names a controller \"{controller}\" that does not exist here; \"force\" allows that.", role, controller, "");

    /// <summary>A role about an action that does not exist here.</summary>
    public static ApiError UnknownAction(string role, string action, string controller) =>
        Role("unknown_action", 10, 400, $"The role \"{role}\" names an action \"{action}\" that the controller \"{controller}\" does not have here; \"force\" allows that.", role, action, controller, "");

    /// <summary>No such profile.</summary>
    public static ApiError ProfileNotFound(string profile) => Profile("not_found", 1, 404, $"There is no profile \"{profile}\".", profile);

    /// <summary>A profile that always exists.</summary>
    public static ApiError CannotDeleteProfile() => Profile("cannot_delete", 2, 400, "The profiles admin, default and anonymous cannot be deleted.");

    /// <summary>A profile that users have.</summary>
    public static ApiError ProfileInUse() => Profile("in_use", 3, 412, "The profile is assigned to a user.");

    /// <summary>The anonymous profile has its role, and keeps it.</summary>
    public static ApiError MissingAnonymousRole() => Profile("missing_anonymous_role", 5, 400, "The profile \"anonymous\" must keep the role \"anonymous\".");

    /// <summary>Cookies are no way to log in here.</summary>
    public static ApiError CookieUnsupported() => Error("cookie", 7, "unsupported", 2, 500, "Authentication by cookie is not available here; use the token.", []);

    /// <summary>A login failed.</summary>
    public static ApiError MissingUser(string reason) => new("plugin.strategy.missing_user", (4 << 24) | (3 << 16) | 20, 401, $"The login failed: {reason}.", [reason]);

    /// <summary>A fault that Kuzzle's local strategy reports outside the list of errors: it has a status and a message only.</summary>
    public static ApiError OfStrategy(int status, string message) => new("", 0, status, message, []);
}
