using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>How a connection ended.</summary>
/// <param name="Cause">Who ended it.</param>
/// <param name="ReasonCode">What the server has said in its DISCONNECT or CONNACK, or what this side has found wrong.</param>
/// <param name="Detail">A sentence for a log.</param>
/// <param name="ServerReference">MQTT 5.0: the server to use instead, or null.</param>
public sealed record MqttEnding(MqttEndingCause Cause, ReasonCode ReasonCode, string Detail, string? ServerReference = null)
{
    /// <summary>At <see cref="MqttEndingCause.ConnectionLost"/>, whether the server has closed or reset the connection; else the line has failed.</summary>
    public bool IsClosedByServer { get; init; }

    /// <summary>The packet identifier of the oldest message that was written to this connection and not answered, 0 for none. Known when the connection has <see cref="MqttClient.Ended"/>.</summary>
    public ushort Unanswered { get; init; }

    /// <summary>Whether that message went alone: the server had answered all that came before it on this connection. See <see cref="MqttClient.ResumeSinglyAsync"/>.</summary>
    public bool WasAlone { get; init; }

    /// <summary>What the server is told in DISCONNECT.</summary>
    internal ReasonCode ToldReason => Cause switch
    {
        MqttEndingCause.Requested or MqttEndingCause.ProtocolError =>
            ReasonCodes.MayStandIn(ReasonCode, PacketType.Disconnect, PacketDirection.ToServer) ? ReasonCode : ReasonCode.ProtocolError,
        _ => ReasonCode.UnspecifiedError,
    };
}
