using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Broker.Metrics;

/// <summary>PUBLISH packets and their bytes, both ways.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TrafficCount
{
    public long MessagesIn;
    public long BytesIn;
    public long MessagesOut;
    public long BytesOut;

    /// <summary>By how much the bytes in flight have grown.</summary>
    public long InFlightBytes;
}
