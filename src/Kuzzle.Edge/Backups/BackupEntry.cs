namespace Kuzzle.Edge.Backups;

/// <summary>A file in a backup.</summary>
/// <param name="Name">Its name there: <c>configuration/system/…</c>, <c>configuration/named/…</c> or <c>data/…</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its checksum, in hexadecimal digits.</param>
/// <param name="Mode">Who may read and write it.</param>
internal sealed record BackupEntry(string Name, long Bytes, string Sha256, UnixFileMode Mode)
{
    /// <summary>Before the names of files of <c>/etc/kuzzle-edge</c>, relative to it.</summary>
    public const string System = "configuration/system/";

    /// <summary>Before the names, without their folders, of other files that the configuration was read from.</summary>
    public const string Named = "configuration/named/";

    /// <summary>Before the names of databases.</summary>
    public const string Data = "data/";
}
