namespace Kuzzle.Edge.FirstBoot;

/// <summary>Whether a box has an owner.</summary>
internal enum ClaimState
{
    /// <summary>There is an administrator.</summary>
    Claimed,

    /// <summary>Nobody yet.</summary>
    Unclaimed,

    /// <summary>The gateway lets nobody become the administrator with what it was shown: there is one, or the code is another.</summary>
    Refused,

    /// <summary>The gateway did not tell.</summary>
    Unknown,
}
