namespace Kuzzle.Edge.Testing.Lines;

/// <summary>What becomes of a connection after some thousand bytes.</summary>
public enum Fate
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Both sides see its end, in the middle of what was said.</summary>
    Cut,

    /// <summary>Likewise, but by a reset.</summary>
    Reset,

    /// <summary>It stays open, and nothing passes any more.</summary>
    Silence,

    /// <summary>Everything takes its time.</summary>
    Delay,

    /// <summary>It passes byte by byte, too slowly for anything to be done in time.</summary>
    Trickle,

    /// <summary>Who opened it sees it cut and comes again, while the other side still has it open; what was said on it arrives after what is said on the next one.</summary>
    Ghost,
}
