namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>CONNECT.</summary>
public sealed record ConnectPacket
{
    /// <summary>The protocol version.</summary>
    public required MqttVersion Version { get; init; }

    /// <summary>3.x: whether the client marks itself as a bridge, by the highest bit of the protocol level: a custom of brokers, not of the standard.</summary>
    public bool IsBridge { get; init; }

    /// <summary>May be empty in MQTT 5.0, and in 3.1.1 together with <see cref="CleanStart"/>. [MQTT-3.1.3-7] [MQTT5-3.1.3-6]</summary>
    public required string ClientId { get; init; }

    /// <summary>Clean Session in 3.x, Clean Start in 5.0.</summary>
    public bool CleanStart { get; init; }

    /// <summary>Seconds; 0 turns it off.</summary>
    public ushort KeepAlive { get; init; }

    /// <summary>Null when the client left none.</summary>
    public WillMessage? Will { get; init; }

    /// <summary>Null when absent.</summary>
    public string? UserName { get; init; }

    /// <summary>Null when absent. Never log it.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>MQTT 5.0: null when there are none.</summary>
    public MqttProperties? Properties { get; init; }
}
