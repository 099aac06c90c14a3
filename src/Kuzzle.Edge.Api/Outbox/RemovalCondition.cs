namespace Kuzzle.Edge.Api.Outbox;

/// <summary>Which documents a <see cref="LocalRemoval"/> takes.</summary>
public enum RemovalCondition
{
    /// <summary>Those of which nothing waits to go upstream, or is kept aside because the upstream refused it.</summary>
    NothingWaits,

    /// <summary>Of those, the ones that the upstream is known to hold.</summary>
    Uploaded,
}
