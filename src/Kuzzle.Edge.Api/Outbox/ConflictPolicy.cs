namespace Kuzzle.Edge.Api.Outbox;

/// <summary>Which version of a document stays when it was changed on both sides.</summary>
public enum ConflictPolicy
{
    /// <summary>The one that was changed last, by <c>_kuzzle_info</c>; the upstream's when both were changed at the same moment. A change beats a deletion.</summary>
    Newest,

    /// <summary>The one of this box.</summary>
    Edge,

    /// <summary>The one of the upstream.</summary>
    Cloud,

    /// <summary>As <see cref="Newest"/>, and the other one is kept in a collection of conflicts.</summary>
    KeepBoth,
}
