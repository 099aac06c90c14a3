using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>What is published. Its bytes belong to whoever holds it and must not change.</summary>
/// <param name="Topic">A topic name: not empty, no wildcard.</param>
/// <param name="Payload">May be empty.</param>
public sealed record MqttApplicationMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>How often it may arrive.</summary>
    public QualityOfService QualityOfService { get; init; }

    /// <summary>Outgoing: whether the server is to keep it. Incoming: whether the server had kept it (or, with retain as published, was told to).</summary>
    public bool Retain { get; init; }

    /// <summary>MQTT 5.0, left out for 3.x: those that a PUBLISH may carry, but for topic alias (the client's own affair); of several subscription identifiers one.</summary>
    public MqttProperties? Properties { get; init; }

    /// <summary>Whose this is, for an owner whose session keeps it (<see cref="Sessions.MqttOutgoing"/>); never sent. 0 for nobody.</summary>
    public int Origin { get; init; }
}
