using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Kuzzle.Edge.Backups;

/// <summary>Reads a backup from its beginning to its end. Every byte is held against the manifest.</summary>
internal sealed class BackupReader : IDisposable
{
    private readonly FileStream _file;
    private readonly GZipStream _gzip;
    private readonly TarReader _tar;

    private BackupReader(FileStream file)
    {
        _file = file;
        _gzip = new GZipStream(file, CompressionMode.Decompress);
        _tar = new TarReader(_gzip);
        try
        {
            Manifest = ReadManifest();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What it says about itself.</summary>
    public BackupManifest Manifest { get; }

    /// <summary>Opens a backup and reads its manifest.</summary>
    /// <exception cref="BackupException">There is no such file, or it is no backup.</exception>
    public static BackupReader Open(string path)
    {
        try
        {
            return new BackupReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupException(ExitCode.Usage, $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The next file of the manifest, handed to <paramref name="take"/> byte for byte; it is not to be trusted before this returns.</summary>
    /// <exception cref="BackupException">It is not there, or not as the manifest says.</exception>
    public void Read(BackupEntry entry, Action<ReadOnlySpan<byte>> take) => Guard(() =>
    {
        if (_tar.GetNextEntry() is not { } found) throw Damaged($"it ends before {entry.Name}");
        if (found.Name != entry.Name || found.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)) throw Damaged($"it has {found.Name} where {entry.Name} should be");
        if (found.Length != entry.Bytes) throw Damaged($"{entry.Name} has {found.Length} bytes and should have {entry.Bytes}");

        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 * 1024];
        var content = found.DataStream ?? Stream.Null;
        int count;
        while ((count = content.Read(buffer)) > 0)
        {
            sum.AppendData(buffer, 0, count);
            take(buffer.AsSpan(0, count));
        }

        if (!Convert.ToHexStringLower(sum.GetHashAndReset()).Equals(entry.Sha256, StringComparison.OrdinalIgnoreCase)) throw Damaged($"the checksum of {entry.Name} is wrong");
    });

    /// <summary>There must be nothing more, and the archive must end as it should.</summary>
    /// <exception cref="BackupException">There is, or it does not.</exception>
    public void End() => Guard(() =>
    {
        if (_tar.GetNextEntry() is { } more) throw Damaged($"it has {more.Name}, which its manifest does not name");
        _gzip.CopyTo(Stream.Null); // The checksum of the compression stands behind everything.
    });

    public void Dispose()
    {
        _tar.Dispose();
        _gzip.Dispose();
        _file.Dispose();
    }

    private BackupManifest ReadManifest()
    {
        byte[] json = [];
        Guard(() =>
        {
            if (_tar.GetNextEntry() is not { Name: BackupManifest.FileName, DataStream: { } content, Length: > 0 and <= BackupManifest.MaxBytes } entry)
            {
                throw new BackupException(ExitCode.DataCorrupt, $"{_file.Name} is no backup of Kuzzle.Edge: it does not begin with {BackupManifest.FileName}");
            }

            json = new byte[entry.Length];
            content.ReadExactly(json);
        });
        return BackupManifest.Read(json);
    }

    /// <summary>What the archive's own forms promise and a damaged file does not keep.</summary>
    private void Guard(Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or OverflowException or ArgumentException)
        {
            throw Damaged(exception.Message);
        }
    }

    private BackupException Damaged(string how) => new(ExitCode.DataCorrupt, $"{_file.Name} is no backup of Kuzzle.Edge, or it is damaged or cut short: {how}. Nothing was changed.");
}
