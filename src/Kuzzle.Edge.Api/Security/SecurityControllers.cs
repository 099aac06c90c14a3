using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Api.Security.Profiles;
using Kuzzle.Edge.Api.Security.Rights;
using Kuzzle.Edge.Api.Security.Roles;
using Kuzzle.Edge.Api.Security.Storage;
using Kuzzle.Edge.Api.Security.Tokens;
using Kuzzle.Edge.Api.Security.Users;

namespace Kuzzle.Edge.Api.Security;

/// <summary>The controllers <c>auth</c> and <c>security</c>, and what is security's in <c>admin</c>, put together.</summary>
internal sealed class SecurityControllers
{
    public SecurityControllers(KuzzleSecurity security, ApiLimits limits, TimeProvider clock, Func<IReadOnlyDictionary<string, Controller>> controllers)
    {
        var searches = new SecuritySearch(security.Documents, limits, clock);
        var users = new UserRecords(security);
        var roleRules = new RoleRules(controllers);
        var profileRules = new ProfileRules(security.Documents.Store);
        var roles = new RoleActions(security, roleRules, searches, limits);
        var profiles = new ProfileActions(security, profileRules, users, searches, limits);
        var userActions = new UserActions(security, users, searches, limits);
        var credentials = new CredentialActions(security);
        var tokens = new TokenActions(security);
        var keys = new ApiKeyActions(security, searches);
        var rights = new RightsActions(security);

        Auth = Named("auth", [.. tokens.Auth, .. keys.Auth, .. userActions.Auth, .. credentials.Auth, .. rights.Auth]);
        Security = Named(
            "security",
            [
                .. roles.Security, .. profiles.Security, .. userActions.Security, .. new UserCreationActions(security, users).Security, .. credentials.Security,
                .. tokens.Security, .. keys.Security, .. rights.Security,
            ]);
        Admin = [.. new SecurityLoading(security, roleRules, profileRules, roles, profiles, users).Admin];
    }

    public Controller Auth { get; }

    public Controller Security { get; }

    /// <summary>The actions of <c>admin</c> about users, profiles and roles.</summary>
    public IReadOnlyList<KeyValuePair<string, ActionHandler>> Admin { get; }

    private static Controller Named(string name, IEnumerable<KeyValuePair<string, ActionHandler>> actions) =>
        new(name, new Dictionary<string, ActionHandler>(actions, StringComparer.Ordinal));
}
