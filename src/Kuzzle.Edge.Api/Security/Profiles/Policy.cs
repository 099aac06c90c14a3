namespace Kuzzle.Edge.Api.Security.Profiles;

/// <summary>A role, and where it holds.</summary>
/// <param name="RestrictedTo">Empty: everywhere.</param>
internal sealed record Policy(string RoleId, IReadOnlyList<Restriction> RestrictedTo)
{
    /// <summary>Whether it holds for a collection of an index. What names no index is not restricted.</summary>
    public bool Covers(string? index, string? collection) =>
        RestrictedTo.Count == 0 || string.IsNullOrEmpty(index) || RestrictedTo.Any(restriction => restriction.Covers(index, collection));
}
