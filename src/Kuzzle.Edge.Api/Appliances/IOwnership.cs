namespace Kuzzle.Edge.Api.Appliances;

/// <summary>
/// What is known outside the database of whether the box has an owner. A database that is lost takes the administrators with it, and the box must not belong to the first stranger
/// who comes by then. All members may be called from any thread and answer at once.
/// </summary>
public interface IOwnership
{
    /// <summary>Whether there has ever been an administrator.</summary>
    bool IsClaimed { get; }

    /// <summary>Whether this is the code that was made on the box itself for its being claimed again.</summary>
    /// <param name="code">What somebody has brought; null for nothing.</param>
    bool Admits(string? code);

    /// <summary>Notes that there is an administrator; a code for claiming again is used up. What cannot be noted is logged, and may be tried again.</summary>
    void Claim();

    /// <summary>An administrator has had everything about users removed: the box is as if nobody had ever claimed it.</summary>
    void Release();
}
