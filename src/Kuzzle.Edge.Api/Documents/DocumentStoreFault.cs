namespace Kuzzle.Edge.Api.Documents;

/// <summary>Why a store cannot do what it must; each calls for something else from the operator.</summary>
public enum DocumentStoreFault
{
    /// <summary>The disk is failing, or too slow.</summary>
    Disk,

    /// <summary>The disk is full: reading works, and writing does again when there is room.</summary>
    Full,

    /// <summary>Its directory or a file in it cannot be created or written by this user.</summary>
    Unwritable,

    /// <summary>Another process has it.</summary>
    InUse,

    /// <summary>What is on the disk is damaged, or was not written by this product.</summary>
    Corrupt,

    /// <summary>What is on the disk was written by a newer version of this product, and this one cannot work with it.</summary>
    TooNew,

    /// <summary>The database library of the system is missing or too old.</summary>
    NoEngine,

    /// <summary>More waits for the upstream than may: this write is refused, and others may succeed.</summary>
    OutboxFull,

    /// <summary>The disk is nearly full: this write is refused, and deletions succeed.</summary>
    NoRoom,
}
