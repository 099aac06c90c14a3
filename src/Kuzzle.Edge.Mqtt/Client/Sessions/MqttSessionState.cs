namespace Kuzzle.Edge.Mqtt.Client.Sessions;

/// <summary>What a session holds.</summary>
/// <param name="Outgoing">Own messages, in the order in which they were stored.</param>
/// <param name="Received">Identifiers of QoS 2 messages that came and were not released.</param>
public sealed record MqttSessionState(IReadOnlyList<MqttOutgoing> Outgoing, IReadOnlyCollection<ushort> Received);
