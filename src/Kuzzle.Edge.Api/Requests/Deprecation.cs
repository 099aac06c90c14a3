namespace Kuzzle.Edge.Api.Requests;

/// <summary>Something that a request used and should not: shown to developers only.</summary>
/// <param name="Version">Kuzzle's version since when it is deprecated.</param>
/// <param name="Message">What to use instead.</param>
public sealed record Deprecation(string Version, string Message);
