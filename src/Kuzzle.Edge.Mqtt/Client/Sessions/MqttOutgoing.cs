namespace Kuzzle.Edge.Mqtt.Client.Sessions;

/// <summary>An own message that is not acknowledged to the end.</summary>
/// <param name="PacketIdentifier">Its identifier.</param>
/// <param name="Message">The message; null when it is released, since only the identifier is needed then.</param>
public sealed record MqttOutgoing(ushort PacketIdentifier, MqttApplicationMessage? Message)
{
    /// <summary>Whether the server has taken the QoS 2 message and is to be sent PUBREL.</summary>
    public bool IsReleased => Message is null;
}
