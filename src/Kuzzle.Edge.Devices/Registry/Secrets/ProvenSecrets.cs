using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>
/// Which passwords were right once, as MACs under a key that dies with the process: a fleet that reconnects costs a MAC each and not a slow hash. The MAC is over the stored
/// hash too, so a changed password is unknown again at once.
/// </summary>
internal sealed class ProvenSecrets(int most)
{
    private readonly Lock _lock = new();
    private readonly HashSet<UInt128> _known = [];
    private readonly Queue<UInt128> _order = new();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public bool Contains(ISecretHash hash, string password)
    {
        var mac = MacOf(hash, password);
        lock (_lock) return _known.Contains(mac);
    }

    public void Add(ISecretHash hash, string password)
    {
        var mac = MacOf(hash, password);
        lock (_lock)
        {
            if (!_known.Add(mac)) return;
            _order.Enqueue(mac);
            if (_order.Count > most) _known.Remove(_order.Dequeue());
        }
    }

    private UInt128 MacOf(ISecretHash hash, string password)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData(Encoding.UTF8.GetBytes(hash.Text));
        mac.AppendData([0]); // No stored line holds one, so the two cannot run into each other.
        mac.AppendData(Encoding.UTF8.GetBytes(password));
        var digest = mac.GetHashAndReset();
        return new UInt128(BitConverter.ToUInt64(digest, 0), BitConverter.ToUInt64(digest, 8));
    }
}
