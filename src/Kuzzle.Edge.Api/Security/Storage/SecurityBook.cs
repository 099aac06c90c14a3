using System.Collections.Concurrent;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Api.Security.Profiles;
using Kuzzle.Edge.Api.Security.Roles;

namespace Kuzzle.Edge.Api.Security.Storage;

/// <summary>
/// What rights are decided by, in memory: a box has thousands of users, not millions, and each request asks. Reading takes no lock; it is written, after the disk, by whoever
/// holds the turn of the changes of security, so what a change answers holds for the next request.
/// </summary>
internal sealed class SecurityBook
{
    private readonly ConcurrentDictionary<string, Role> _roles = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Profile> _profiles = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _profilesOfUsers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LocalCredentials> _credentials = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _kuidsByUserName = new(StringComparer.Ordinal);
    private volatile bool _adminExists;

    /// <summary>Whether any user is an administrator.</summary>
    public bool AdminExists => _adminExists;

    public ICollection<string> Users => _profilesOfUsers.Keys;

    public ICollection<string> Roles => _roles.Keys;

    public ICollection<string> Profiles => _profiles.Keys;

    public bool HasRole(string id) => _roles.ContainsKey(id);

    public bool HasProfile(string id) => _profiles.ContainsKey(id);

    public bool HasUser(string kuid) => kuid == DefaultSecurity.AnonymousKuid || _profilesOfUsers.ContainsKey(kuid);

    public Role? FindRole(string id) => _roles.GetValueOrDefault(id);

    public Profile? FindProfile(string id) => _profiles.GetValueOrDefault(id);

    /// <summary>The profiles of a user; of none when there is no such user.</summary>
    public IReadOnlyList<string> ProfilesOf(string kuid) => kuid == DefaultSecurity.AnonymousKuid ? [DefaultSecurity.Anonymous] : _profilesOfUsers.GetValueOrDefault(kuid, []);

    public LocalCredentials? CredentialsOf(string kuid) => _credentials.GetValueOrDefault(kuid);

    public LocalCredentials? CredentialsByName(string userName) => _kuidsByUserName.TryGetValue(userName, out var kuid) ? CredentialsOf(kuid) : null;

    public bool IsRoleUsed(string id) => _profiles.Values.Any(profile => profile.Policies.Any(policy => policy.RoleId == id));

    public IReadOnlyList<string> UsersWith(string profile) => [.. _profilesOfUsers.Where(user => user.Value.Contains(profile, StringComparer.Ordinal)).Select(user => user.Key)];

    /// <summary>Whether a user may do that to a collection of an index (null where none is named).</summary>
    public bool Allows(string kuid, string controller, string action, string? index, string? collection)
    {
        foreach (var profileId in ProfilesOf(kuid))
        {
            if (FindProfile(profileId) is not { } profile) continue;
            foreach (var policy in profile.Policies)
            {
                if (policy.Covers(index, collection) && FindRole(policy.RoleId)?.Allows(controller, action) == true) return true;
            }
        }

        return false;
    }

    /// <summary>Whether a user may do what a request asks; of several targets, on each.</summary>
    public bool Allows(string kuid, ApiRequest request)
    {
        var targets = request.Argument("targets");
        if (targets.ValueKind != JsonValueKind.Array) return Allows(kuid, request.Controller, request.Action, request.Index, request.Collection);

        return targets.GetArrayLength() == 0
            ? Allows(kuid, request.Controller, request.Action, index: null, collection: null)
            : targets.EnumerateArray().All(target => AllowsTarget(kuid, request, target));
    }

    /// <summary>The most generous of a user's profiles; 0: no limit.</summary>
    public int RateLimitOf(string kuid)
    {
        var most = 0;
        foreach (var profileId in ProfilesOf(kuid))
        {
            if (FindProfile(profileId) is not { } profile) continue;
            if (profile.RateLimit == 0) return 0;
            most = Math.Max(most, profile.RateLimit);
        }

        return most;
    }

    public void PutRole(StoredDocument role) => _roles[role.Id] = new Role(role.Id, role.Source.GetProperty("controllers"));

    public void PutProfile(StoredDocument profile) => _profiles[profile.Id] = new Profile(profile.Id, profile.Source);

    public void PutUser(StoredDocument user)
    {
        _profilesOfUsers[user.Id] = user.Source.TryGetProperty("profileIds", out var ids) && ids.ValueKind == JsonValueKind.Array
            ? [.. ids.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.String).Select(id => id.GetString()!)]
            : [];
        LookForAdmin();
    }

    public void PutCredentials(LocalCredentials credentials)
    {
        if (_credentials.TryGetValue(credentials.Kuid, out var before) && before.UserName != credentials.UserName) _kuidsByUserName.TryRemove(before.UserName, out _);
        _credentials[credentials.Kuid] = credentials;
        _kuidsByUserName[credentials.UserName] = credentials.Kuid;
    }

    public void RemoveRole(string id) => _roles.TryRemove(id, out _);

    public void RemoveProfile(string id) => _profiles.TryRemove(id, out _);

    public void RemoveUser(string kuid)
    {
        _profilesOfUsers.TryRemove(kuid, out _);
        LookForAdmin();
    }

    /// <summary>The user with its credentials.</summary>
    public void Forget(string kuid)
    {
        RemoveCredentials(kuid);
        RemoveUser(kuid);
    }

    public void RemoveCredentials(string kuid)
    {
        if (_credentials.TryRemove(kuid, out var credentials)) _kuidsByUserName.TryRemove(credentials.UserName, out _);
    }

    private bool AllowsTarget(string kuid, ApiRequest request, JsonElement target)
    {
        // Targets that are none are refused by the action itself; here they must not open anything.
        if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty("index", out var index) || index.ValueKind != JsonValueKind.String) return false;
        if (!target.TryGetProperty("collections", out var collections) || collections.ValueKind != JsonValueKind.Array || collections.GetArrayLength() == 0)
        {
            return Allows(kuid, request.Controller, request.Action, index.GetString(), collection: null);
        }

        return collections.EnumerateArray().All(collection =>
            collection.ValueKind == JsonValueKind.String && Allows(kuid, request.Controller, request.Action, index.GetString(), collection.GetString()));
    }

    private void LookForAdmin() => _adminExists = _profilesOfUsers.Values.Any(profiles => profiles.Contains(DefaultSecurity.Admin, StringComparer.Ordinal));
}
