using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Security.Profiles;

/// <summary>What a profile must look like.</summary>
internal sealed class ProfileRules(IDocumentStore store)
{
    /// <summary>The first fault, or null.</summary>
    /// <param name="body">The whole profile.</param>
    /// <param name="isStrict">Whether the indexes and collections it names must exist.</param>
    /// <param name="hasRole">Whether there is a role of that name.</param>
    public ApiError? FindFault(string id, JsonElement body, bool isStrict, Func<string, bool> hasRole)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("policies", out var policies) || policies.ValueKind == JsonValueKind.Null)
        {
            return AssertErrors.MissingArgument("body.policies");
        }

        if (policies.ValueKind != JsonValueKind.Array) return AssertErrors.InvalidType("body.policies", "array");
        if (body.TryGetProperty("rateLimit", out var limit) && !(limit.ValueKind == JsonValueKind.Number && limit.TryGetInt32(out var most) && most >= 0))
        {
            return AssertErrors.InvalidType("body.rateLimit", "integer");
        }

        var position = 0;
        var hasAnonymousRole = false;
        foreach (var policy in policies.EnumerateArray())
        {
            var path = $"{id}.policies[{position++}]";
            if (FindPolicyFault(policy, path, isStrict) is { } fault) return fault;

            var role = policy.GetProperty("roleId").GetString()!;
            if (!hasRole(role)) return SecurityErrors.RoleNotFound(role);
            hasAnonymousRole |= role == DefaultSecurity.Anonymous;
        }

        return id == DefaultSecurity.Anonymous && !hasAnonymousRole ? SecurityErrors.MissingAnonymousRole() : null;
    }

    private ApiError? FindPolicyFault(JsonElement policy, string path, bool isStrict)
    {
        if (policy.ValueKind != JsonValueKind.Object) return AssertErrors.InvalidType(path, "object");
        if (!policy.TryGetProperty("roleId", out var role)) return AssertErrors.MissingArgument($"{path}.roleId");
        if (role.ValueKind != JsonValueKind.String) return AssertErrors.InvalidType($"{path}.roleId", "string");
        if (FindStranger(policy, path, "roleId", "restrictedTo") is { } stranger) return stranger;
        if (!policy.TryGetProperty("restrictedTo", out var restrictions)) return null;
        if (restrictions.ValueKind != JsonValueKind.Array) return AssertErrors.InvalidType($"{path}.restrictedTo", "object[]");

        var position = 0;
        foreach (var restriction in restrictions.EnumerateArray())
        {
            if (FindRestrictionFault(restriction, $"{path}.restrictedTo[{position++}]", isStrict) is { } fault) return fault;
        }

        return null;
    }

    private ApiError? FindRestrictionFault(JsonElement restriction, string path, bool isStrict)
    {
        if (restriction.ValueKind != JsonValueKind.Object) return AssertErrors.InvalidType(path, "object");
        if (!restriction.TryGetProperty("index", out var index)) return AssertErrors.MissingArgument($"{path}.index");
        if (index.ValueKind != JsonValueKind.String) return AssertErrors.InvalidType($"{path}.index", "string");
        if (FindStranger(restriction, path, "index", "collections") is { } stranger) return stranger;
        if (isStrict && !store.Catalogue.TryGetPublicIndex(index.GetString()!, out _)) return StorageErrors.UnknownIndex(index.GetString()!);
        if (!restriction.TryGetProperty("collections", out var collections)) return null;
        if (collections.ValueKind != JsonValueKind.Array) return AssertErrors.InvalidType($"{path}.collections", "string[]");

        foreach (var collection in collections.EnumerateArray())
        {
            if (collection.ValueKind != JsonValueKind.String) return AssertErrors.InvalidType($"{path}.collections", "string[]");

            var name = new CollectionName(index.GetString()!, collection.GetString()!);
            if (isStrict && !store.Catalogue.TryGetCollection(name, out _)) return StorageErrors.UnknownCollection(name);
        }

        return null;
    }

    private static ApiError? FindStranger(JsonElement value, string path, string first, string second)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (!member.NameEquals(first) && !member.NameEquals(second)) return AssertErrors.UnexpectedArgument($"{path}.{member.Name}", $"\"{first}\", \"{second}\"");
        }

        return null;
    }
}
