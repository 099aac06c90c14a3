namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>PUBLISH as it lies in the receive buffer: valid until the next read. Everything in it has been checked.</summary>
public readonly ref struct PublishView
{
    /// <summary>
    /// The topic name: UTF-8, without wildcards. Empty only in MQTT 5.0 beside a <see cref="TopicAlias"/>, which then stands for it.
    /// </summary>
    public ReadOnlySpan<byte> Topic { get; internal init; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload { get; internal init; }

    /// <summary>MQTT 5.0: the checked property list without its length; read it with <see cref="PropertyReader"/>.</summary>
    public ReadOnlySpan<byte> Properties { get; internal init; }

    /// <summary>0 at QoS 0, else not 0.</summary>
    public ushort PacketIdentifier { get; internal init; }

    /// <summary>The QoS.</summary>
    public QualityOfService QualityOfService { get; internal init; }

    /// <summary>Whether the sender has sent this before. Never passed on. [MQTT-3.3.1-3] [MQTT5-3.3.1-3]</summary>
    public bool Duplicate { get; internal init; }

    /// <summary>Whether the server is to keep it.</summary>
    public bool Retain { get; internal init; }

    /// <summary>0 for none; at most the maximum that was announced.</summary>
    public ushort TopicAlias { get; internal init; }

    /// <summary>Seconds; null when the message does not expire.</summary>
    public uint? MessageExpiryInterval { get; internal init; }

    /// <summary>How many bytes of payload were left out, by a reader that does so; else 0.</summary>
    public int DiscardedBytes { get; internal init; }

    /// <summary>How many bytes <see cref="CopyForwardableProperties"/> writes; 0 for most messages.</summary>
    public int ForwardablePropertiesLength { get; internal init; }

    /// <summary>
    /// Copies the properties that go to subscribers unchanged and in order: payload format, content type, response topic, correlation data and user
    /// properties. Topic alias and subscription identifiers belong to this connection, and the expiry changes with time. [MQTT5-3.3.2-4]
    /// [MQTT5-3.3.2-15] [MQTT5-3.3.2-16] [MQTT5-3.3.2-17] [MQTT5-3.3.2-18] [MQTT5-3.3.2-20]
    /// </summary>
    /// <param name="destination">At least <see cref="ForwardablePropertiesLength"/> bytes.</param>
    public void CopyForwardableProperties(Span<byte> destination)
    {
        if (ForwardablePropertiesLength == Properties.Length)
        {
            Properties.CopyTo(destination);
            return;
        }

        var written = 0;
        var reader = new PropertyReader(Properties);
        while (reader.MoveNext())
        {
            if (!PropertyRules.IsForwardable(reader.Id)) continue;

            reader.Encoded.CopyTo(destination[written..]);
            written += reader.Encoded.Length;
        }
    }
}
