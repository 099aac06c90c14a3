using System.Buffers;
using System.Buffers.Binary;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>
/// A PUBLISH encoded once for all recipients of one (version, QoS) variant: <see cref="WriteTo"/> is one copy plus a patch of flags, packet identifier and,
/// where there are any, subscription identifiers. Shares its bytes, which nobody may change while it is in use; from any thread.
/// </summary>
public readonly struct EncodedPublish
{
    private readonly byte[] _bytes;
    private readonly PublishLayout _layout;

    private EncodedPublish(MqttVersion version, QualityOfService qos, in PublishContent content, byte[] bytes)
    {
        _bytes = bytes;
        Version = version;
        QualityOfService = qos;
        Size = PublishWriter.Write(bytes, version, qos, content, default, out _layout);
    }

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => _bytes is null;

    /// <summary>The version it is encoded for.</summary>
    public MqttVersion Version { get; }

    /// <summary>The QoS it is encoded for.</summary>
    public QualityOfService QualityOfService { get; }

    /// <summary>Bytes of the packet when there are no subscription identifiers.</summary>
    public int Size { get; }

    /// <summary>Encodes into an array of its own.</summary>
    /// <exception cref="ArgumentException">The packet is longer than 268,435,455 bytes.</exception>
    public static EncodedPublish Create(MqttVersion version, QualityOfService qos, in PublishContent content) =>
        new(version, qos, content, GC.AllocateUninitializedArray<byte>(PublishWriter.CheckedSize(version, qos, content, default)));

    /// <summary>
    /// Encodes into an array of the caller, who must not use it for anything else as long as this lives. An array that is too short is returned to
    /// <see cref="ArrayPool{T}.Shared"/> and replaced by a longer one from there.
    /// </summary>
    /// <param name="version">The version of the recipients.</param>
    /// <param name="qos">The QoS of the delivery.</param>
    /// <param name="content">What to send.</param>
    /// <param name="buffer">Rented from <see cref="ArrayPool{T}.Shared"/>, or null.</param>
    /// <exception cref="ArgumentException">The packet is longer than 268,435,455 bytes.</exception>
    public static EncodedPublish Create(MqttVersion version, QualityOfService qos, in PublishContent content, ref byte[]? buffer)
    {
        var size = PublishWriter.CheckedSize(version, qos, content, default);
        if (buffer is null || buffer.Length < size)
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(size);
        }

        return new EncodedPublish(version, qos, content, buffer);
    }

    /// <summary>Bytes of the packet with these subscription identifiers: compare it with the recipient's Maximum Packet Size first. [MQTT5-3.1.2-24]</summary>
    public long SizeWith(ReadOnlySpan<uint> subscriptionIdentifiers)
    {
        if (subscriptionIdentifiers.IsEmpty || Version != MqttVersion.V5) return Size;

        var body = BodyLengthWith(PublishWriter.SizeOfSubscriptionIdentifiers(subscriptionIdentifiers));
        return body > VariableInteger.Max ? long.MaxValue : 1 + VariableInteger.SizeOf((uint)body) + body;
    }

    /// <summary>Writes the packet for one recipient.</summary>
    /// <returns>Its size in bytes.</returns>
    /// <exception cref="ArgumentException">The subscription identifiers make it longer than 268,435,455 bytes.</exception>
    public int WriteTo(IBufferWriter<byte> output, in PublishDelivery delivery)
    {
        var size = SizeWith(delivery.SubscriptionIdentifiers);
        if (size > PacketLimits.LargestPossiblePacket) throw new ArgumentException("The packet would be larger than 268435455 bytes.", nameof(delivery));

        var destination = output.GetSpan((int)size);
        if (delivery.SubscriptionIdentifiers.IsEmpty || Version != MqttVersion.V5) WritePatched(destination, delivery);
        else WriteRebuilt(destination, delivery);

        output.Advance((int)size);
        return (int)size;
    }

    private void WritePatched(Span<byte> destination, in PublishDelivery delivery)
    {
        _bytes.AsSpan(0, Size).CopyTo(destination);
        destination[0] = PublishWriter.FirstByte(QualityOfService, delivery.Duplicate, delivery.Retain);
        if (QualityOfService != QualityOfService.AtMostOnce) BinaryPrimitives.WriteUInt16BigEndian(destination[_layout.IdentifierAt..], delivery.PacketIdentifier);
    }

    private void WriteRebuilt(Span<byte> destination, in PublishDelivery delivery)
    {
        var added = PublishWriter.SizeOfSubscriptionIdentifiers(delivery.SubscriptionIdentifiers);
        destination[0] = PublishWriter.FirstByte(QualityOfService, delivery.Duplicate, delivery.Retain);
        var at = 1 + VariableInteger.Write(destination[1..], (uint)BodyLengthWith(added));

        var topic = _bytes.AsSpan(_layout.TopicAt, _layout.IdentifierAt - _layout.TopicAt);
        topic.CopyTo(destination[at..]);
        at += topic.Length;
        if (QualityOfService != QualityOfService.AtMostOnce)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[at..], delivery.PacketIdentifier);
            at += 2;
        }

        at += VariableInteger.Write(destination[at..], (uint)(_layout.PropertiesLength + added));
        at += PublishWriter.WriteSubscriptionIdentifiers(destination[at..], delivery.SubscriptionIdentifiers);
        _bytes.AsSpan(PropertiesBodyAt, Size - PropertiesBodyAt).CopyTo(destination[at..]);
    }

    private int PropertiesBodyAt => _layout.PropertiesAt + VariableInteger.SizeOf((uint)_layout.PropertiesLength);

    private long BodyLengthWith(int added)
    {
        var propertiesLength = _layout.PropertiesLength + added;
        return (long)(_layout.PropertiesAt - _layout.TopicAt) + VariableInteger.SizeOf((uint)propertiesLength) + propertiesLength +
               (Size - PropertiesBodyAt - _layout.PropertiesLength);
    }
}
