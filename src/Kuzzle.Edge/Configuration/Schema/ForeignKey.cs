namespace Kuzzle.Edge.Configuration.Schema;

/// <summary>A key that Kuzzle has and that cannot be followed here: refused with the reason instead of being ignored.</summary>
/// <param name="Key">The key; everything below it is meant too.</param>
/// <param name="Reason">Why, and what to write instead.</param>
internal sealed record ForeignKey(string Key, string Reason);
