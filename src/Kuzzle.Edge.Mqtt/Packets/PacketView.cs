namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>
/// One checked packet. PUBLISH and its acknowledgements are views into the receive buffer, valid until the next read of the same reader; the rarer
/// packets are records that live on. Ask only for what <see cref="Type"/> names.
/// </summary>
public readonly ref struct PacketView
{
    private readonly object? _record;

    internal PacketView(PacketType type, object? record = null)
    {
        Type = type;
        _record = record;
    }

    internal PacketView(scoped in PublishView publish)
    {
        Type = PacketType.Publish;
        Publish = publish;
    }

    internal PacketView(PacketType type, AcknowledgementView acknowledgement)
    {
        Type = type;
        Acknowledgement = acknowledgement;
    }

    /// <summary>What it is. PINGREQ and PINGRESP are nothing more than this.</summary>
    public PacketType Type { get; }

    /// <summary>PUBLISH.</summary>
    public PublishView Publish { get; }

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
    public AcknowledgementView Acknowledgement { get; }

    /// <summary>CONNECT.</summary>
    public ConnectPacket Connect => (ConnectPacket)_record!;

    /// <summary>CONNACK.</summary>
    public ConnackPacket Connack => (ConnackPacket)_record!;

    /// <summary>SUBSCRIBE.</summary>
    public SubscribePacket Subscribe => (SubscribePacket)_record!;

    /// <summary>SUBACK.</summary>
    public SubackPacket Suback => (SubackPacket)_record!;

    /// <summary>UNSUBSCRIBE.</summary>
    public UnsubscribePacket Unsubscribe => (UnsubscribePacket)_record!;

    /// <summary>UNSUBACK.</summary>
    public UnsubackPacket Unsuback => (UnsubackPacket)_record!;

    /// <summary>DISCONNECT.</summary>
    public DisconnectPacket Disconnect => (DisconnectPacket)_record!;

    /// <summary>AUTH.</summary>
    public AuthPacket Auth => (AuthPacket)_record!;
}
