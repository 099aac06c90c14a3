using System.Text.Json;

namespace Kuzzle.Edge.Api.Security.Profiles;

/// <summary>The policies of those who have it. Immutable.</summary>
internal sealed class Profile
{
    /// <param name="source">A profile that was checked.</param>
    public Profile(string id, JsonElement source)
    {
        Id = id;
        Policies = [.. source.GetProperty("policies").EnumerateArray().Select(PolicyOf)];
        RateLimit = source.TryGetProperty("rateLimit", out var limit) && limit.TryGetInt32(out var most) ? most : 0;
    }

    public string Id { get; }

    public IReadOnlyList<Policy> Policies { get; }

    /// <summary>How many requests a second; 0: any number.</summary>
    public int RateLimit { get; }

    private static Policy PolicyOf(JsonElement policy) => new(
        policy.GetProperty("roleId").GetString()!,
        policy.TryGetProperty("restrictedTo", out var restrictions) && restrictions.ValueKind == JsonValueKind.Array
            ? [.. restrictions.EnumerateArray().Select(RestrictionOf)]
            : []);

    private static Restriction RestrictionOf(JsonElement restriction) => new(
        restriction.GetProperty("index").GetString()!,
        restriction.TryGetProperty("collections", out var collections) && collections.ValueKind == JsonValueKind.Array
            ? [.. collections.EnumerateArray().Select(collection => collection.GetString()!)]
            : []);
}
