using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>So many connections a second; after a quiet second, as many at once.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ConnectionRate
{
    private long _at;
    private long _taken; // In thousandths of a connection, so that each millisecond counts.

    public bool TryTake(long now, int perSecond)
    {
        _taken = Math.Max(0, _taken - ((now - _at) * perSecond));
        _at = now;
        if (_taken + 1000 > perSecond * 1000L) return false;

        _taken += 1000;
        return true;
    }
}
