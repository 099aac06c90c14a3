using System.Security.Cryptography;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>
/// Remembers, in a form that is of use to nobody else, which password was right for which hash: a device that comes back is known at once, even while strangers keep
/// the slow check busy. What is remembered is a MAC under a key that this process has made and forgets with its end.
/// </summary>
internal sealed class ProvenPasswords
{
    /// <summary>Two hundred bytes each. Who is forgotten is checked the slow way once more.</summary>
    private const int Capacity = 16_384;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _macs = new(StringComparer.Ordinal);

    public bool Contains(PasswordHash hash, ReadOnlySpan<byte> password)
    {
        byte[]? known;
        lock (_gate) known = _macs.GetValueOrDefault(hash.Text);
        if (known is null) return false;

        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, password, mac);
        return CryptographicOperations.FixedTimeEquals(mac, known);
    }

    public void Add(PasswordHash hash, ReadOnlySpan<byte> password)
    {
        var mac = HMACSHA256.HashData(_key, password);
        lock (_gate)
        {
            if (_macs.Count >= Capacity) _macs.Clear();
            _macs[hash.Text] = mac;
        }
    }
}
