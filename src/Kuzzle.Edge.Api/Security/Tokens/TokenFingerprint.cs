using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Api.Security.Tokens;

/// <summary>The SHA-256 of a token: what is kept of it, and found again by it. From it nobody can make the token.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenFingerprint(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>The fingerprint of a token's text.</summary>
    public static TokenFingerprint Of(string token)
    {
        Span<byte> utf8 = stackalloc byte[512];
        var bytes = utf8.Length >= Encoding.UTF8.GetMaxByteCount(token.Length) ? utf8[..Encoding.UTF8.GetBytes(token, utf8)] : Encoding.UTF8.GetBytes(token);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Of(hash);
    }

    /// <summary>A fingerprint of no text: for what is in force as a token is, but can never be shown.</summary>
    public static TokenFingerprint Random()
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        RandomNumberGenerator.Fill(bytes);
        return Of(bytes);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is none.</summary>
    public static TokenFingerprint? Parse(string hex)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        return hex.Length == 2 * bytes.Length && Convert.FromHexString(hex, bytes, out _, out _) == OperationStatus.Done ? Of(bytes) : null;
    }

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => $"{A:x16}{B:x16}{C:x16}{D:x16}";

    private static TokenFingerprint Of(ReadOnlySpan<byte> hash) => new(
        BinaryPrimitives.ReadUInt64BigEndian(hash),
        BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));
}
