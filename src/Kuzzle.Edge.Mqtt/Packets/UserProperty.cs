namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>One name-value pair; the same name may come several times, and order counts. [MQTT5-3.1.3-10] [MQTT5-3.3.2-18]</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
public readonly record struct UserProperty(string Name, string Value);
