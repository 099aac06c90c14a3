namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>What became of a publication.</summary>
/// <param name="ReasonCode">
/// Of the PUBACK, PUBREC or PUBCOMP; success in 3.x. Also a refusal of the client's own, when the server has said in CONNACK that it does not take such a message, or the client's options that it is not to be sent:
/// <see cref="ReasonCode.PacketTooLarge"/>, <see cref="ReasonCode.QoSNotSupported"/>, <see cref="ReasonCode.RetainNotSupported"/>.
/// </param>
/// <param name="ReasonString">For people, or null.</param>
public readonly record struct MqttPublishResult(ReasonCode ReasonCode, string? ReasonString = null)
{
    /// <summary>Whether the server has taken the message, be it that nobody subscribed.</summary>
    public bool IsAccepted => ReasonCode < ReasonCode.UnspecifiedError;
}
