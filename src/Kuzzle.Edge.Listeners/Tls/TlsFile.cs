using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>The bytes of a file that somebody renews while we run.</summary>
internal static class TlsFile
{
    // A bundle of all public authorities has 250 KB, and 10,000 lines of keys 1 MB. Larger, and a wrong path (a disk image) would fill the memory.
    private const long LargestBytes = 16L * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All of it.</summary>
    /// <exception cref="TlsFileException">It is not there, or may not be read.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (Directory.Exists(path)) throw new TlsFileException(path, "is a directory");
            using var stream = file.Open(new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
            if (stream.Length > LargestBytes) throw new TlsFileException(path, "is too large to be one of certificates or keys");

            var bytes = new byte[stream.Length];
            return bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).ToArray();
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TlsFileException(path, "does not exist", failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new TlsFileException(path, "may not be read by this user", failure);
        }
        catch (IOException failure)
        {
            throw new TlsFileException(path, $"cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>All of it, as text.</summary>
    /// <exception cref="TlsFileException">It is not there, or may not be read, or is no text.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return StrictUtf8.GetString(Read(path));
        }
        catch (DecoderFallbackException failure)
        {
            throw new TlsFileException(path, "is not text; PEM is, and begins with -----BEGIN", failure);
        }
    }

    /// <summary>What tells that one of the files has changed; files that cannot be read count as empty. Holds nothing of their content.</summary>
    public static string Fingerprint(IEnumerable<string?> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths.OfType<string>())
        {
            try
            {
                hash.AppendData(SHA256.HashData(Read(path)));
            }
            catch (TlsFileException failure)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(failure.Message));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
