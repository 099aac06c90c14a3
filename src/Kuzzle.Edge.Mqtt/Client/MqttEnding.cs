namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>How a connection ended.</summary>
/// <param name="Cause">Who ended it.</param>
/// <param name="ReasonCode">What the server has said in its DISCONNECT or CONNACK, or what this side has found wrong.</param>
/// <param name="Detail">A sentence for a log.</param>
/// <param name="ServerReference">MQTT 5.0: the server to use instead, or null.</param>
public sealed record MqttEnding(MqttEndingCause Cause, ReasonCode ReasonCode, string Detail, string? ServerReference = null);
