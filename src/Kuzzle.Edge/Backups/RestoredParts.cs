namespace Kuzzle.Edge.Backups;

/// <summary>What of a backup is restored, beside the documents.</summary>
[Flags]
internal enum RestoredParts
{
    /// <summary>The documents alone, with users, devices and the outbox.</summary>
    None = 0,

    /// <summary>The configuration files.</summary>
    Configuration = 1,

    /// <summary>The broker's sessions, with the messages that wait for them, and its retained messages.</summary>
    Sessions = 2,

    /// <summary>Everything.</summary>
    All = Configuration | Sessions,
}
