namespace Kuzzle.Edge.Api.Documents;

/// <summary>The building of a collection's indexes was given up for a while.</summary>
/// <param name="Reason">What the disk said.</param>
/// <param name="RetryAt">When it is tried again.</param>
public sealed record IndexFailure(string Reason, DateTimeOffset RetryAt);
