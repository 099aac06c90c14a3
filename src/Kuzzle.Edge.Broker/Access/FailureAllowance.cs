using System.Security.Cryptography;
using System.Text;

namespace Kuzzle.Edge.Broker.Access;

/// <summary>
/// How many more logins may fail under each name: so many at once, and one more each interval. There is no lock-out, so who shares an address or a name with an
/// attacker still gets a turn.
/// </summary>
/// <param name="burst">How many may fail at once.</param>
/// <param name="interval">After how long one more may.</param>
/// <param name="clock">The time.</param>
internal sealed class FailureAllowance(int burst, TimeSpan interval, TimeProvider clock)
{
    /// <summary>
    /// A hundred bytes each. Beyond, whoever has failed least is forgotten: an attacker with more addresses or names than this is not slowed down by this class any
    /// more, only by the bound on concurrent checks.
    /// </summary>
    public const int Capacity = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, Entry> _entries = [];

    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    /// <summary>Takes one of what may fail; false when none is left. To be given back when the login succeeds.</summary>
    public bool TryTake(string name)
    {
        var key = KeyOf(name);
        lock (_gate)
        {
            var left = LeftOf(key);
            if (left < 1) return false;

            if (!_entries.ContainsKey(key) && _entries.Count >= Capacity) Forget();
            _entries[key] = new Entry(left - 1, clock.GetTimestamp());
            return true;
        }
    }

    /// <summary>The login did not fail.</summary>
    public void GiveBack(string name)
    {
        var key = KeyOf(name);
        lock (_gate)
        {
            var left = LeftOf(key) + 1;
            if (left >= burst) _entries.Remove(key);
            else _entries[key] = new Entry(left, clock.GetTimestamp());
        }
    }

    // Names are as long as strangers like: only so much of them is kept that nobody finds two that are the same.
    private static UInt128 KeyOf(string name)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), digest);
        return BitConverter.ToUInt64(digest) | ((UInt128)BitConverter.ToUInt64(digest[8..]) << 64);
    }

    private double LeftOf(UInt128 key) =>
        _entries.TryGetValue(key, out var entry) ? Math.Min(burst, entry.Left + (clock.GetElapsedTime(entry.At) / interval)) : burst;

    private void Forget()
    {
        foreach (var key in _entries.Keys.Where(key => LeftOf(key) >= burst).ToList()) _entries.Remove(key);
        if (_entries.Count >= Capacity) _entries.Remove(_entries.Keys.MaxBy(LeftOf));
    }

    private readonly record struct Entry(double Left, long At);
}
