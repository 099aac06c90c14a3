using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sqlite.Backups;

namespace Kuzzle.Edge.Backups;

/// <summary>The state of one moment, ready to be written. Its copies of the databases have no name any more: they end with it, or with the process.</summary>
internal sealed class PreparedBackup : IDisposable
{
    /// <summary>Beside what the copies need: a disk that is filled to the last byte serves nobody.</summary>
    private const long Reserve = 8 * 1024 * 1024;

    private readonly List<(BackupEntry Entry, Stream Content)> _parts;

    private PreparedBackup(BackupManifest manifest, List<(BackupEntry Entry, Stream Content)> parts)
    {
        Manifest = manifest;
        _parts = parts;
    }

    /// <summary>What it says about itself.</summary>
    public BackupManifest Manifest { get; }

    /// <summary>Holds the moment and copies the databases. Blocks on the disk: not for a thread that serves.</summary>
    /// <param name="scope">What it is made of.</param>
    /// <param name="spool">The beginning of the names of files that are there for a moment each.</param>
    /// <param name="now">The moment.</param>
    /// <exception cref="DocumentStoreException">There is no room for the copies, or the disk fails. Nothing is left behind.</exception>
    /// <exception cref="BackupException">The configuration cannot be read.</exception>
    public static PreparedBackup Take(BackupScope scope, string spool, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var parts = new List<(BackupEntry Entry, Stream Content)>();
        try
        {
            using (var snapshot = StorageSnapshot.Take(scope.Storage, cancellationToken))
            {
                foreach (var (name, path) in scope.ConfigurationFiles()) parts.Add(PartOf(name, new MemoryStream(File.ReadAllBytes(path), writable: false), File.GetUnixFileMode(path)));

                CheckRoom(spool, snapshot.Bytes);
                foreach (var name in snapshot.Names) parts.Add(PartOf(BackupEntry.Data + name, Copy(snapshot, name, spool, cancellationToken), UnixFileMode.UserRead | UnixFileMode.UserWrite));
            }

            return new PreparedBackup(new BackupManifest(ProductVersion.Text, now, Environment.MachineName, [.. parts.Select(part => part.Entry)]), parts);
        }
        catch (Exception exception)
        {
            foreach (var (_, content) in parts) content.Dispose();
            if (exception is IOException or UnauthorizedAccessException) throw new DocumentStoreException($"The backup could not be made: {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>Writes the archive. Once.</summary>
    public async Task WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        // The fastest: a small board has better things to do, and the rest gains a few percent.
        await using var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);
        await using var tar = new TarWriter(gzip, TarEntryFormat.Pax, leaveOpen: true);
        await tar.WriteEntryAsync(EntryOf(BackupManifest.FileName, new MemoryStream(Manifest.Write()), UnixFileMode.UserRead | UnixFileMode.UserWrite), cancellationToken);
        foreach (var (entry, content) in _parts) await tar.WriteEntryAsync(EntryOf(entry.Name, content, entry.Mode), cancellationToken);
    }

    public void Dispose()
    {
        foreach (var (_, content) in _parts) content.Dispose();
    }

    private PaxTarEntry EntryOf(string name, Stream content, UnixFileMode mode) =>
        new(TarEntryType.RegularFile, name) { DataStream = content, Mode = mode, ModificationTime = Manifest.CreatedAt };

    private static (BackupEntry Entry, Stream Content) PartOf(string name, Stream content, UnixFileMode mode)
    {
        var sum = Convert.ToHexStringLower(SHA256.HashData(content));
        var bytes = content.Position;
        content.Position = 0;
        return (new BackupEntry(name, bytes, sum, mode), content);
    }

    private static FileStream Copy(StorageSnapshot snapshot, string name, string spool, CancellationToken cancellationToken)
    {
        var file = $"{spool}.{name}";
        File.Delete(file); // Of a process that was killed at just that moment.
        snapshot.CopyTo(name, file, cancellationToken);
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void CheckRoom(string spool, long bytes)
    {
        var free = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(spool))!).AvailableFreeSpace;
        if (free >= bytes + Reserve) return;

        throw new DocumentStoreException(string.Create(
            CultureInfo.InvariantCulture, $"The backup needs {(bytes + Reserve) / 1_000_000} MB beside {spool} for a while, and {free / 1_000_000} MB are free."));
    }
}
