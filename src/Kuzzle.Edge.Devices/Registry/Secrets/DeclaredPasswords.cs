using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>
/// Knows passwords that are declared in plain again, from one start to the next, without hashing them: by a MAC over the stored hash and the password. Its key is not in the database,
/// so a copy of that one gives nobody a faster way to guess than the hashes themselves.
/// </summary>
/// <param name="key">The key of this installation; empty when there is none, and nothing is known again.</param>
internal sealed class DeclaredPasswords(ReadOnlyMemory<byte> key)
{
    /// <summary>By what the password of this hash is known again; null without a key.</summary>
    public string? FingerprintOf(ISecretHash hash, string password) => key.IsEmpty ? null : Convert.ToBase64String(MacOf(hash, password));

    /// <summary>Whether this was the password of the hash when the fingerprint was made. False says nothing.</summary>
    public bool Knows(ISecretHash hash, string? fingerprint, string password)
    {
        if (key.IsEmpty || fingerprint is null) return false;

        var kept = new byte[HMACSHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(fingerprint, kept, out var length) && length == kept.Length && CryptographicOperations.FixedTimeEquals(kept, MacOf(hash, password));
    }

    private byte[] MacOf(ISecretHash hash, string password)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Span);
        mac.AppendData(Encoding.UTF8.GetBytes(hash.Text));
        mac.AppendData([0]); // No stored line holds one, so the two cannot run into each other.
        mac.AppendData(Encoding.UTF8.GetBytes(password));
        return mac.GetHashAndReset();
    }
}
