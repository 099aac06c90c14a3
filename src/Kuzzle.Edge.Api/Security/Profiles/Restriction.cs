namespace Kuzzle.Edge.Api.Security.Profiles;

/// <summary>An index, or some collections of it, to which a policy is restricted.</summary>
/// <param name="Collections">Empty: the whole index.</param>
internal sealed record Restriction(string Index, IReadOnlyList<string> Collections)
{
    public bool Covers(string index, string? collection) =>
        string.Equals(Index, index, StringComparison.Ordinal) && (Collections.Count == 0 || (collection is not null && Collections.Contains(collection, StringComparer.Ordinal)));
}
