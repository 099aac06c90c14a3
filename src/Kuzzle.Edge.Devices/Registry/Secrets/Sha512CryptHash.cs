using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>The scheme <c>$6$</c> of crypt(3), as Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512" defines it; the steps in the comments are those of that text.</summary>
internal sealed class Sha512CryptHash : ISecretHash
{
    public const string Name = "sha512";

    /// <summary>Two seconds of a small board; the scheme itself allows a thousand times as many.</summary>
    public const int MaxRounds = 1_000_000;

    private const string Prefix = "$6$";
    private const string RoundsPrefix = "rounds=";
    private const int DefaultRounds = 5000;
    private const int MinRounds = 1000;
    private const int MaxSalt = 16;
    private const int DigestBytes = 64;
    private const int EncodedLength = 86;

    /// <summary>Longer passwords cost time that grows with the square of their length.</summary>
    private const int MaxPasswordBytes = 512;

    private const string Alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly byte[] _salt;
    private readonly int _rounds;
    private readonly string _encoded;

    private Sha512CryptHash(string text, byte[] salt, int rounds, string encoded)
    {
        Text = text;
        _salt = salt;
        _rounds = rounds;
        _encoded = encoded;
    }

    public string Text { get; }

    public string Scheme => Name;

    /// <summary>Reads a line; null when it is none, or would take too long.</summary>
    public static Sha512CryptHash? Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return null;

        var rest = text[Prefix.Length..];
        var rounds = DefaultRounds;
        if (rest.StartsWith(RoundsPrefix, StringComparison.Ordinal))
        {
            var end = rest.IndexOf('$', StringComparison.Ordinal);
            if (end < 0 || !int.TryParse(rest.AsSpan(RoundsPrefix.Length, end - RoundsPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out rounds)) return null;
            rounds = Math.Max(rounds, MinRounds);
            rest = rest[(end + 1)..];
        }

        if (rounds > MaxRounds || rest.Split('$') is not [var salt, var encoded]) return null;
        if (encoded.Length != EncodedLength || encoded.Any(letter => !Alphabet.Contains(letter, StringComparison.Ordinal))) return null;

        var bytes = Encoding.UTF8.GetBytes(salt);
        return new Sha512CryptHash(text, bytes.Length > MaxSalt ? bytes[..MaxSalt] : bytes, rounds, encoded);
    }

    public bool Verify(string password)
    {
        var key = Encoding.UTF8.GetBytes(password);
        if (key.Length > MaxPasswordBytes) return false;

        var computed = Encode(Digest(key, _salt, _rounds));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(computed), Encoding.ASCII.GetBytes(_encoded));
    }

    private static byte[] Digest(byte[] key, byte[] salt, int rounds)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);

        // 4 to 8: digest B.
        sha.AppendData(key);
        sha.AppendData(salt);
        sha.AppendData(key);
        var b = sha.GetHashAndReset();

        // 1 to 3 and 9 to 12: digest A.
        sha.AppendData(key);
        sha.AppendData(salt);
        AppendRepeated(sha, b, key.Length);
        for (var length = key.Length; length > 0; length >>= 1) sha.AppendData((length & 1) != 0 ? b : key);
        var a = sha.GetHashAndReset();

        // 13 to 16: the sequence P of the password's length.
        for (var i = 0; i < key.Length; i++) sha.AppendData(key);
        var p = Repeated(sha.GetHashAndReset(), key.Length);

        // 17 to 20: the sequence S of the salt's length.
        for (var i = 0; i < 16 + a[0]; i++) sha.AppendData(salt);
        var s = Repeated(sha.GetHashAndReset(), salt.Length);

        // 21: the rounds.
        for (var round = 0; round < rounds; round++)
        {
            var isOdd = (round & 1) != 0;
            sha.AppendData(isOdd ? p : a);
            if (round % 3 != 0) sha.AppendData(s);
            if (round % 7 != 0) sha.AppendData(p);
            sha.AppendData(isOdd ? a : p);
            sha.GetHashAndReset(a);
        }

        return a;
    }

    private static void AppendRepeated(IncrementalHash sha, byte[] digest, int length)
    {
        for (; length > DigestBytes; length -= DigestBytes) sha.AppendData(digest);
        sha.AppendData(digest.AsSpan(0, length));
    }

    private static byte[] Repeated(byte[] digest, int length)
    {
        var sequence = new byte[length];
        for (var at = 0; at < length; at += DigestBytes) digest.AsSpan(0, Math.Min(DigestBytes, length - at)).CopyTo(sequence.AsSpan(at));
        return sequence;
    }

    /// <summary>22 e: three bytes make four letters, lowest six bits first; the order of the bytes turns by one third each time.</summary>
    private static string Encode(byte[] digest)
    {
        var text = new StringBuilder(EncodedLength);
        var (first, second, third) = (0, 21, 42);
        for (var group = 0; group < 21; group++)
        {
            Append(text, (digest[first] << 16) | (digest[second] << 8) | digest[third], 4);
            (first, second, third) = (second + 1, third + 1, first + 1);
        }

        Append(text, digest[63], 2);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int bits, int letters)
    {
        for (; letters > 0; letters--, bits >>= 6) text.Append(Alphabet[bits & 0x3F]);
    }
}
