using System.Buffers.Binary;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>Writes PUBACK, PUBREC, PUBREL and PUBCOMP: there is one for every message, so they are written straight to the output.</summary>
internal static class Acknowledgement
{
    /// <param name="connection">Whose it is.</param>
    /// <param name="type">Which of them.</param>
    /// <param name="identifier">That of the message.</param>
    /// <param name="reason">What became of the message.</param>
    /// <param name="batch">The caller's batch.</param>
    /// <param name="why">A sentence about a refusal, or null.</param>
    public static void Append(ClientConnection connection, PacketType type, ushort identifier, ReasonCode reason, DeliveryBatch batch, string? why = null)
    {
        if (why is not null && connection is { IsVersion5: true, WantsProblems: true })
        {
            connection.WriteRefusal(type, identifier, reason, why, batch);
            return;
        }

        Span<byte> packet = stackalloc byte[5];
        packet[0] = (byte)((byte)type << 4 | (type == PacketType.Pubrel ? 2 : 0)); // [MQTT-3.6.1-1]

        // Success is what nothing means (5.0 3.4.2.1). Whoever got our CONNACK takes five bytes: that was larger. [MQTT5-3.1.2-24]
        var hasReason = connection.IsVersion5 && reason != ReasonCode.Success;
        packet[1] = (byte)(hasReason ? 3 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], identifier);
        packet[4] = (byte)reason;
        batch.Append(connection.Output, packet[..(hasReason ? 5 : 4)]);
    }
}
