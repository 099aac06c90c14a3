using System.Buffers.Binary;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>Writes PUBACK, PUBREC, PUBREL and PUBCOMP: there is one for every message, so they are written straight to the output.</summary>
internal static class Acknowledgement
{
    public static void Append(ClientConnection connection, PacketType type, ushort identifier, ReasonCode reason, DeliveryBatch batch)
    {
        Span<byte> packet = stackalloc byte[5];
        packet[0] = (byte)((byte)type << 4 | (type == PacketType.Pubrel ? 2 : 0)); // [MQTT-3.6.1-1]

        // Success is what nothing means (5.0 3.4.2.1); and a client may take four bytes and no more. [MQTT5-3.1.2-24]
        var hasReason = connection.IsVersion5 && reason != ReasonCode.Success && connection.MaximumPacketSize >= packet.Length;
        packet[1] = (byte)(hasReason ? 3 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], identifier);
        packet[4] = (byte)reason;
        batch.Append(connection.Output, packet[..(hasReason ? 5 : 4)]);
    }
}
