namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP as it lies in the receive buffer: valid until the next read.</summary>
public readonly ref struct AcknowledgementView
{
    internal AcknowledgementView(ushort packetIdentifier, ReasonCode reasonCode, ReadOnlySpan<byte> properties)
    {
        PacketIdentifier = packetIdentifier;
        ReasonCode = reasonCode;
        Properties = properties;
    }

    /// <summary>Not 0.</summary>
    public ushort PacketIdentifier { get; }

    /// <summary><see cref="ReasonCode.Success"/> in 3.x.</summary>
    public ReasonCode ReasonCode { get; }

    /// <summary>MQTT 5.0: the checked property list without its length; read it with <see cref="PropertyReader"/>.</summary>
    public ReadOnlySpan<byte> Properties { get; }
}
