using System.Security.Cryptography;
using System.Text;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Backups;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.FirstBoot;

/// <summary>
/// A file beside the databases, and in none of them, that says that the box has an owner. Its first line says so; a second one, if there is one, is the SHA-256 of a code that was made
/// on the box for whoever shall be its administrator next. A file that says anything else counts as the first line alone.
/// </summary>
/// <param name="directory">The folder of the data.</param>
internal sealed partial class ClaimMark(string directory, ILogger logger) : IOwnership
{
    private const string Claimed = "claimed";
    private const string Recovery = "recovery ";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _file = Path.Combine(directory, Claimed);

    /// <inheritdoc/>
    public bool IsClaimed => Path.Exists(_file);

    /// <summary>Whether a code for claiming again waits for its use.</summary>
    public bool IsReopened => ReadRecovery() is not null;

    /// <inheritdoc/>
    public bool Admits(string? code) => code is not null && ReadRecovery() is { } recovery && CryptographicOperations.FixedTimeEquals(recovery, HashOf(code));

    /// <inheritdoc/>
    public void Claim()
    {
        if (IsClaimed && !IsReopened) return;

        try
        {
            Write($"{Claimed}\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotNoted(_file, exception.Message);
        }
    }

    /// <inheritdoc/>
    public void Release()
    {
        try
        {
            File.Delete(_file);
            FileOwner.FlushAll();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotNoted(_file, exception.Message);
        }
    }

    /// <summary>Makes a code with which somebody can become the administrator, if there is none any more. It is good once, and until there is another one.</summary>
    /// <exception cref="IOException">It cannot be noted.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not note it.</exception>
    public string Reopen()
    {
        var code = ClaimCode.Make();
        Write($"{Claimed}\n{Recovery}{Convert.ToHexStringLower(HashOf(code))}\n");
        FileOwner.FlushAll();
        return code;
    }

    private void Write(string text)
    {
        DurableFile.Write(_file, text, OwnerOnly);
        FileOwner.Copy(directory, _file);
    }

    private byte[]? ReadRecovery()
    {
        try
        {
            if (!File.Exists(_file) || File.ReadAllLines(_file) is not [Claimed, var line] || !line.StartsWith(Recovery, StringComparison.Ordinal)) return null;
            return Convert.FromHexString(line.AsSpan(Recovery.Length));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return null; // Nobody is let in by a file that cannot be read.
        }
    }

    private static byte[] HashOf(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code.Trim().ToUpperInvariant()));

    [LoggerMessage(Level = LogLevel.Error, Message = "Whether the box has an owner cannot be noted in {File}; it is tried again with the next change of users and at the next start: {Reason}")]
    private partial void LogNotNoted(string file, string reason);
}
