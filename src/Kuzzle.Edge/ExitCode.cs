namespace Kuzzle.Edge;

/// <summary>How the process ends. The numbers are those of sysexits.h, for which <c>systemctl status</c> has names.</summary>
internal enum ExitCode
{
    /// <summary>All is well.</summary>
    Success = 0,

    /// <summary>The command line is wrong.</summary>
    Usage = 64,

    /// <summary>The stored data are damaged, or not this product's.</summary>
    DataCorrupt = 65,

    /// <summary>There is nothing of that name: no such collection, or no upstream.</summary>
    NotFound = 66,

    /// <summary>An address cannot be listened on (mostly, another program has the port), or a sensor or the gateway does not answer.</summary>
    AddressUnavailable = 69,

    /// <summary>Something that should not happen.</summary>
    Unexpected = 70,

    /// <summary>The gateway that was asked runs, and something is wrong with the box.</summary>
    Alarm = 71,

    /// <summary>The SQLite library is missing or too old.</summary>
    LibraryMissing = 72,

    /// <summary>The data folder cannot be created or written.</summary>
    DataUnwritable = 73,

    /// <summary>The disk fails or is full.</summary>
    DiskFailure = 74,

    /// <summary>Another gateway works on the same data folder.</summary>
    DataInUse = 75,

    /// <summary>The running gateway does not let the caller do it.</summary>
    NotAllowed = 77,

    /// <summary>The configuration is wrong.</summary>
    Configuration = 78,
}
