using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Broker.Authentication;

/// <summary>
/// What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677). Whoever reads it cannot log in with it, but can try passwords: it belongs where other
/// password hashes are.
/// </summary>
public sealed class ScramCredential
{
    /// <summary>The fewest rounds that RFC 7677 allows.</summary>
    public const int LeastIterations = 4096;

    private ScramCredential(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey)
    {
        Salt = salt;
        Iterations = iterations;
        StoredKey = storedKey;
        ServerKey = serverKey;
    }

    /// <summary>Random bytes, different for each user.</summary>
    public ReadOnlyMemory<byte> Salt { get; }

    /// <summary>How many rounds the client has to compute for each login.</summary>
    public int Iterations { get; }

    /// <summary>By which the client's proof is checked; 32 bytes.</summary>
    public ReadOnlyMemory<byte> StoredKey { get; }

    /// <summary>By which the server proves itself; 32 bytes.</summary>
    public ReadOnlyMemory<byte> ServerKey { get; }

    /// <summary>Makes it of a password.</summary>
    /// <param name="password">The password. Characters beyond ASCII are taken as they are: client and server must agree on their normal form.</param>
    /// <param name="salt">8 bytes at least, random.</param>
    /// <param name="iterations">4096 at least.</param>
    public static ScramCredential Derive(string password, ReadOnlySpan<byte> salt, int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(salt.Length, 8, nameof(salt));
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, LeastIterations);

        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        return new ScramCredential(salt.ToArray(), iterations, SHA256.HashData(clientKey), HMACSHA256.HashData(salted, "Server Key"u8));
    }

    /// <summary>Takes back what was kept.</summary>
    /// <exception cref="ArgumentException">A key has not 32 bytes.</exception>
    public static ScramCredential Restore(ReadOnlySpan<byte> salt, int iterations, ReadOnlySpan<byte> storedKey, ReadOnlySpan<byte> serverKey)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(salt.Length, 8, nameof(salt));
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, LeastIterations);
        ArgumentOutOfRangeException.ThrowIfNotEqual(storedKey.Length, SHA256.HashSizeInBytes, nameof(storedKey));
        ArgumentOutOfRangeException.ThrowIfNotEqual(serverKey.Length, SHA256.HashSizeInBytes, nameof(serverKey));

        return new ScramCredential(salt.ToArray(), iterations, storedKey.ToArray(), serverKey.ToArray());
    }
}
