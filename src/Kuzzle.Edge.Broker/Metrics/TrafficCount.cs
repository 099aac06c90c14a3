using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Broker.Metrics;

/// <summary>What has come and gone: PUBLISH packets and the bytes of their messages, and all packets with all their bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct TrafficCount
{
    public long MessagesIn;
    public long BytesIn;
    public long MessagesOut;
    public long BytesOut;

    /// <summary>By how much the bytes in flight have grown.</summary>
    public long InFlightBytes;
    public long PacketsIn;
    public long PacketBytesIn;
    public long PacketsOut;
    public long PacketBytesOut;
}
