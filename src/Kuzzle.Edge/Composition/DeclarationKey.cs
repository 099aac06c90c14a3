using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Composition;

/// <summary>
/// The key of this installation by which declared passwords are known again, in a file beside the database and not in it: a copy of the database is of no more use to whoever would
/// guess passwords than their hashes are. A lost key costs a hash for each password at the next start, and nothing else.
/// </summary>
internal static partial class DeclarationKey
{
    private const string FileName = "declarations.key";
    private const int KeyBytes = 32;

    /// <summary>The key in a folder, made when there is none; empty when it can be neither read nor made.</summary>
    public static ReadOnlyMemory<byte> In(string directory, ILogger logger)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            if (File.Exists(path) && File.ReadAllBytes(path) is { Length: KeyBytes } known) return known;

            var key = RandomNumberGenerator.GetBytes(KeyBytes);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            using var file = new FileStream(path, options);
            file.Write(key);
            file.Flush(flushToDisk: true);
            return key;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNone(logger, path, exception.Message);
            return default;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} can be neither read nor written, so passwords that are declared in plain are hashed at every start: {Reason}")]
    private static partial void LogNone(ILogger logger, string path, string reason);
}
