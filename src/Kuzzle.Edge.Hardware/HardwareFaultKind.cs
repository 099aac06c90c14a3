namespace Kuzzle.Edge.Hardware;

/// <summary>What kind of thing went wrong with a device; the message says the rest.</summary>
public enum HardwareFaultKind
{
    /// <summary>There is no such chip, line, bus or file.</summary>
    NotFound,

    /// <summary>This user may not open it.</summary>
    NotAllowed,

    /// <summary>Somebody else holds it; the message says who, where the kernel tells.</summary>
    Busy,

    /// <summary>Nobody acknowledges at the address.</summary>
    NoAnswer,

    /// <summary>It did not get ready, or the bus did not get free, in time.</summary>
    TimedOut,

    /// <summary>The chip, the adapter or the kernel cannot do that.</summary>
    NotSupported,

    /// <summary>Bytes came, but damaged.</summary>
    BadChecksum,

    /// <summary>What was asked for makes no sense: a name that fits two lines, a duty above one.</summary>
    BadRequest,

    /// <summary>It has been closed.</summary>
    Closed,

    /// <summary>Anything else; the message names the error of the kernel.</summary>
    Failed,
}
