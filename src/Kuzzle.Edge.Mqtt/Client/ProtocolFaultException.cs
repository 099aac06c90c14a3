using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>The server has broken the protocol; caught where the connection ends.</summary>
internal sealed class ProtocolFaultException(PacketFault fault) : Exception(fault.Detail)
{
    public PacketFault Fault => fault;

    public static ProtocolFaultException Protocol(string detail) => new(new PacketFault(ReasonCode.ProtocolError, detail));
}
