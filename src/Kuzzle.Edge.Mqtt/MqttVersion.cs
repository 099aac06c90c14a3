namespace Kuzzle.Edge.Mqtt;

/// <summary>A version of the protocol; the value is the protocol level on the wire.</summary>
public enum MqttVersion : byte
{
    /// <summary>No CONNECT has been read yet.</summary>
    Unknown = 0,

    /// <summary>MQTT 3.1, protocol name <c>MQIsdp</c>.</summary>
    V31 = 3,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V5 = 5,
}
