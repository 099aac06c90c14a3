using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>
/// What is kept of a password: PBKDF2 with its own salt, as one line of text. Written as <c>$pbkdf2-sha512$i=ITERATIONS$SALT$HASH</c>; also read with
/// <c>pbkdf2-sha256</c>, and as <c>mosquitto_passwd</c> writes it (<c>$7$ITERATIONS$SALT$HASH</c>). Salt and hash are base64, with or without padding.
/// </summary>
public sealed class PasswordHash
{
    /// <summary>
    /// Some 0.2 s of one core of a small board or old PC. OWASP's figure for SHA-512, so that a stolen configuration is of little use; devices with long random
    /// passwords can do with fewer.
    /// </summary>
    public const int DefaultIterations = 210_000;

    /// <summary>A hash with more would keep a core busy for seconds each time somebody tries to log in.</summary>
    public const int MaxIterations = 10_000_000;

    /// <summary>What to write, to follow "must be".</summary>
    public const string Description = "a line that kuzzle-edge passwd prints ($pbkdf2-sha512$i=…) or a hash of mosquitto_passwd ($7$…)";

    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    private readonly HashAlgorithmName _algorithm;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(string text, HashAlgorithmName algorithm, int iterations, byte[] salt, byte[] hash)
    {
        Text = text;
        _algorithm = algorithm;
        Iterations = iterations;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>The line. It is a secret: who has it can try passwords at leisure.</summary>
    public string Text { get; }

    /// <summary>How expensive it is to check.</summary>
    public int Iterations { get; }

    /// <summary>Hashes a password, with a new salt.</summary>
    /// <param name="password">The password's bytes: for text, UTF-8.</param>
    /// <param name="iterations">1 to <see cref="MaxIterations"/>.</param>
    public static PasswordHash Create(ReadOnlySpan<byte> password, int iterations = DefaultIterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MaxIterations);
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, HashBytes);
        var text = string.Create(CultureInfo.InvariantCulture, $"$pbkdf2-sha512$i={iterations}${Unpadded(salt)}${Unpadded(hash)}");
        return new PasswordHash(text, HashAlgorithmName.SHA512, iterations, salt, hash);
    }

    /// <summary>Reads a line; null when it is none.</summary>
    public static PasswordHash? Parse(string text)
    {
        if (text.Split('$') is not ["", var scheme, var cost, var saltText, var hashText]) return null;

        var algorithm = scheme == "pbkdf2-sha256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512;
        switch (scheme)
        {
            case "pbkdf2-sha512" or "pbkdf2-sha256" when cost.StartsWith("i=", StringComparison.Ordinal):
                cost = cost[2..];
                break;
            case "7": // of mosquitto_passwd
                break;
            default:
                return null;
        }

        if (!int.TryParse(cost, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < 1 or > MaxIterations) return null;
        if (!TryDecode(saltText, 8, 64, out var salt) || !TryDecode(hashText, 16, 64, out var hash)) return null;

        return new PasswordHash(text, algorithm, iterations, salt, hash);
    }

    /// <summary>Whether this is the password. Takes its time, the same for right and wrong ones.</summary>
    public bool Verify(ReadOnlySpan<byte> password)
    {
        Span<byte> computed = stackalloc byte[_hash.Length];
        Rfc2898DeriveBytes.Pbkdf2(password, _salt, computed, Iterations, _algorithm);
        return CryptographicOperations.FixedTimeEquals(computed, _hash);
    }

    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => "a password hash";

    private static string Unpadded(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static bool TryDecode(string text, int min, int max, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var padded = text.TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        if (!Base64.IsValid(padded, out var length) || length < min || length > max) return false;

        bytes = Convert.FromBase64String(padded);
        return true;
    }
}
