using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Api.Security.Profiles;
using Kuzzle.Edge.Api.Security.Roles;
using Kuzzle.Edge.Api.Security.Users;

namespace Kuzzle.Edge.Api.Security;

/// <summary>The actions of <c>admin</c> that bring in or take away roles, profiles and users all at once.</summary>
internal sealed class SecurityLoading(KuzzleSecurity security, RoleRules roleRules, ProfileRules profileRules, RoleActions roles, ProfileActions profiles, UserRecords users)
{
    private int _isResetting;

    public IEnumerable<KeyValuePair<string, ActionHandler>> Admin => [new("loadSecurities", LoadAsync), new("resetSecurity", ResetAsync)];

    private async ValueTask<ApiResult> LoadAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetBodyObject(out var body, out var refusal)
            || !request.TryGetText("onExistingUsers", "fail", out var onExisting, out refusal)
            || !request.TryGetSwitch("force", out var isForced, out refusal)
            || !SecurityArguments.TryGetObject(body, "roles", out var newRoles, out refusal)
            || !SecurityArguments.TryGetObject(body, "profiles", out var newProfiles, out refusal)
            || !SecurityArguments.TryGetObject(body, "users", out var newUsers, out refusal))
        {
            return refusal;
        }

        if (onExisting is not ("fail" or "skip" or "overwrite")) return AssertErrors.UnexpectedArgument("onExistingUsers", "fail, skip, overwrite");

        // Checked before the passwords are hashed, which takes its time and is done while others have their turn; and again on the turn.
        if (FindFault(newRoles, newProfiles, newUsers, onExisting, isForced) is { } early) return early;

        var logins = new Dictionary<string, LocalCredentials>(StringComparer.Ordinal);
        foreach (var user in newUsers.EnumerateObject().Where(user => onExisting == "overwrite" || !security.Book.HasUser(user.Name)))
        {
            if (!TryGetLogin(user, out var userName, out var password)) continue;
            if (await security.Local.HashAsync(password, cancellationToken) is not { } hash) return ProcessErrors.Overloaded();
            logins.Add(user.Name, new LocalCredentials(user.Name, userName, hash));
        }

        return await security.ChangeAsync<ApiResult>(
            async () =>
            {
                if (FindFault(newRoles, newProfiles, newUsers, onExisting, isForced) is { } fault) return fault;

                // One that was there, and to be skipped, has gone meanwhile: it would be made without its password.
                var isUnprepared = newUsers.EnumerateObject().Any(user => !security.Book.HasUser(user.Name) && !logins.ContainsKey(user.Name) && TryGetLogin(user, out _, out _));
                if (isUnprepared) return ProcessErrors.ActionLocked("loadSecurities");

                await ApplyAsync(request, newRoles, newProfiles, newUsers, onExisting, logins);
                return ApiResult.Ok(new JsonObject { ["acknowledge"] = true });
            },
            cancellationToken);
    }

    private static bool TryGetLogin(JsonProperty user, [NotNullWhen(true)] out string? userName, [NotNullWhen(true)] out string? password)
    {
        (userName, password) = (null, null);
        return SecurityArguments.TryGetObject(user.Value, "credentials", out var credentials, out _)
            && credentials.TryGetProperty(LocalStrategy.Name, out var given)
            && LocalStrategy.TryRead(given, out userName, out password, out _);
    }

    private ApiError? FindFault(JsonElement newRoles, JsonElement newProfiles, JsonElement newUsers, string onExisting, bool isForced)
    {
        foreach (var role in newRoles.EnumerateObject())
        {
            if (roleRules.FindFault(role.Name, role.Value, isForced) is { } fault) return fault;
        }

        foreach (var profile in newProfiles.EnumerateObject())
        {
            if (profileRules.FindFault(profile.Name, profile.Value, isStrict: false, role => security.Book.HasRole(role) || newRoles.TryGetProperty(role, out _)) is { } fault) return fault;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var user in newUsers.EnumerateObject())
        {
            var exists = security.Book.HasUser(user.Name);
            if (exists && onExisting == "fail") return SecurityErrors.PreventOverwrite();
            if (exists && onExisting == "skip") continue;
            if (FindUserFault(user, newProfiles, names) is { } fault) return fault;
        }

        return null;
    }

    private ApiError? FindUserFault(JsonProperty user, JsonElement newProfiles, HashSet<string> names)
    {
        if (user.Name == DefaultSecurity.AnonymousKuid) return SecurityErrors.UserAlreadyExists(user.Name);
        if (user.Value.ValueKind != JsonValueKind.Object || !user.Value.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Object)
        {
            return AssertErrors.MissingArgument($"body.users.{user.Name}.content");
        }

        var path = $"body.users.{user.Name}.content.profileIds";
        if (!content.TryGetProperty("profileIds", out var ids)) return AssertErrors.MissingArgument(path);
        if (ids.ValueKind != JsonValueKind.Array) return AssertErrors.InvalidType(path, "array");
        if (ids.GetArrayLength() == 0) return AssertErrors.EmptyArgument(path);
        foreach (var id in ids.EnumerateArray())
        {
            if (id.ValueKind != JsonValueKind.String) return AssertErrors.InvalidType(path, "string[]");
            if (!security.Book.HasProfile(id.GetString()!) && !newProfiles.TryGetProperty(id.GetString()!, out _)) return SecurityErrors.ProfileNotFound(id.GetString()!);
        }

        if (!SecurityArguments.TryGetObject(user.Value, "credentials", out var credentials, out var refusal)) return refusal;
        foreach (var strategy in credentials.EnumerateObject())
        {
            if (strategy.Name != LocalStrategy.Name) return SecurityErrors.UnknownStrategy(strategy.Name);
            if (!LocalStrategy.TryRead(strategy.Value, out var userName, out _, out refusal)) return refusal;
            if (security.Local.FindNameFault(userName, user.Name) is { } taken) return taken;
            if (!names.Add(userName)) return SecurityErrors.OfStrategy(412, $"The user name \"{userName}\" stands twice.");
        }

        return null;
    }

    private Task ApplyAsync(
        ApiRequest request, JsonElement newRoles, JsonElement newProfiles, JsonElement newUsers, string onExisting, Dictionary<string, LocalCredentials> logins)
    {
        var change = security.Begin();
        foreach (var role in newRoles.EnumerateObject())
        {
            roles.Put(change, new SourceWrite(role.Name, current => RoleActions.Source(role.Value, current, request.Timestamp)));
        }

        foreach (var profile in newProfiles.EnumerateObject())
        {
            var source = ProfileActions.Complete(profile.Value);
            profiles.Put(change, new SourceWrite(profile.Name, current => RoleActions.Source(source, current, request.Timestamp)));
        }

        foreach (var user in newUsers.EnumerateObject())
        {
            if (security.Book.HasUser(user.Name))
            {
                if (onExisting == "skip") continue;
                users.Remove(change, user.Name);
            }

            users.Create(change, user.Name, user.Value.GetProperty("content"), logins.GetValueOrDefault(user.Name), request);
        }

        return change.CommitAsync();
    }

    private async ValueTask<ApiResult> ResetAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isResetting, 1) == 1) return ProcessErrors.ActionLocked("Users, profiles and roles are being reset already.");

        try
        {
            var (deletedUsers, deletedProfiles, deletedRoles) = await security.ChangeAsync(security.ResetAsync, cancellationToken);
            return ApiResult.Ok(new JsonObject { ["deletedProfiles"] = deletedProfiles, ["deletedRoles"] = deletedRoles, ["deletedUsers"] = deletedUsers });
        }
        finally
        {
            Volatile.Write(ref _isResetting, 0);
        }
    }
}
