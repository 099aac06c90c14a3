namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>A publication that is on its way: at QoS 1 and 2 the session keeps it.</summary>
/// <param name="Acknowledged">
/// Completes at PUBACK or PUBCOMP, at QoS 0 at once. Fails with <see cref="MqttConnectionException"/> when the connection ends before; the session still has the message
/// then, and the next connection sends it.
/// </param>
public readonly record struct MqttPublication(Task<MqttPublishResult> Acknowledged);
