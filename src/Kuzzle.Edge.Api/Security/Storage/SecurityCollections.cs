using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Security.Storage;

/// <summary>Where security keeps its documents.</summary>
internal static class SecurityCollections
{
    /// <summary>By kuid: <c>{profileIds, …}</c>.</summary>
    public static readonly CollectionName Users = new(InternalIndex.Name, "users");

    /// <summary>By profile identifier: <c>{policies, rateLimit}</c>.</summary>
    public static readonly CollectionName Profiles = new(InternalIndex.Name, "profiles");

    /// <summary>By role identifier: <c>{controllers}</c>.</summary>
    public static readonly CollectionName Roles = new(InternalIndex.Name, "roles");

    /// <summary>By kuid: <c>{username, password}</c>, the password hashed.</summary>
    public static readonly CollectionName Credentials = new(InternalIndex.Name, "credentials");

    /// <summary>By fingerprint: <c>{userId, expiresAt, singleUse}</c>.</summary>
    public static readonly CollectionName Tokens = new(InternalIndex.Name, "tokens");

    /// <summary>By key identifier: <c>{userId, description, expiresAt, ttl, fingerprint}</c>.</summary>
    public static readonly CollectionName ApiKeys = new(InternalIndex.Name, "api-keys");

    /// <summary><c>jwt</c>: <c>{secret}</c>, and <c>rights</c>: <c>{defaults}</c>.</summary>
    public static readonly CollectionName Config = new(InternalIndex.Name, "config");

    public static IReadOnlyList<CollectionName> All { get; } = [Users, Profiles, Roles, Credentials, Tokens, ApiKeys, Config];
}
