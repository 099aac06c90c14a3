namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>DISCONNECT.</summary>
public sealed record DisconnectPacket
{
    /// <summary>Why; 3.x clients always mean <see cref="ReasonCode.Success"/>.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>MQTT 5.0: null when there are none.</summary>
    public MqttProperties? Properties { get; init; }
}
