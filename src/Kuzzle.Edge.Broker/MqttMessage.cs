namespace Kuzzle.Edge.Broker;

/// <summary>One application message. Immutable; its payload must not be changed by anybody.</summary>
/// <param name="Topic">The topic name.</param>
/// <param name="Payload">The payload, owned by the message.</param>
public sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload);
