using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>What clients are told that may not connect: the reason code, and one sentence for MQTT 5 clients.</summary>
internal static class ConnectRefusal
{
    public static readonly PacketFault Superseded = new(ReasonCode.ServerBusy, "A newer connection asks for the same client identifier.");

    public static readonly PacketFault HeldByNewer = new(ReasonCode.BadUserNameOrPassword, "The session is held: a newer connection of the same device has come.");

    public static readonly PacketFault NotTheirs = new(ReasonCode.ClientIdentifierNotValid, "The client identifier belongs to another user or device.");

    public static readonly PacketFault Failed = new(ReasonCode.UnspecifiedError, "The listener has a fault; it is in the broker's log.");

    public static readonly PacketFault UnknownMethod = new(ReasonCode.BadAuthenticationMethod, "This listener does not know the authentication method.");

    public static readonly PacketFault NoClientId = new(ReasonCode.ClientIdentifierNotValid, "An empty client identifier needs a clean session. [MQTT-3.1.3-8]");

    public static readonly PacketFault OnlyAuth =
        new(ReasonCode.ProtocolError, "Before CONNACK only AUTH may come, with reason code 0x18 and the method of CONNECT, or DISCONNECT. [MQTT5-3.1.2-30]");

    public static readonly PacketFault WillNotAllowed = new(ReasonCode.NotAuthorized, "This client may not leave a will on this topic.");

    /// <summary>A listener's refusal.</summary>
    public static PacketFault Of(ConnectRuling ruling) => ruling switch
    {
        ConnectRuling.Accept => PacketFault.None,
        ConnectRuling.BadCredentials => new PacketFault(ReasonCode.BadUserNameOrPassword, "The user name or the password is wrong."),
        ConnectRuling.ClientIdNotAllowed => new PacketFault(ReasonCode.ClientIdentifierNotValid, "This client may not use this client identifier."),
        ConnectRuling.TooManyAttempts => new PacketFault(ReasonCode.ConnectionRateExceeded, "Too many attempts have failed; try again later."),
        ConnectRuling.Busy => new PacketFault(ReasonCode.ServerBusy, "Too many clients wait for their credentials to be checked; try again later."),
        _ => new PacketFault(ReasonCode.NotAuthorized, "This client may not connect to this listener."),
    };

    /// <summary>A refusal by the embedding program.</summary>
    public static PacketFault By(ReasonCode reason) => reason == ReasonCode.BadUserNameOrPassword
        ? Of(ConnectRuling.BadCredentials)
        : new PacketFault(reason, "The program of this broker does not let this client in.");

    /// <summary>The refusal as a CONNACK can say it: not every reason code may stand there.</summary>
    public static PacketFault InConnack(PacketFault refusal) => In(PacketType.Connack, refusal, ReasonCode.ProtocolError);

    /// <summary>The refusal as a DISCONNECT can say it.</summary>
    public static PacketFault InDisconnect(PacketFault refusal) => In(PacketType.Disconnect, refusal, ReasonCode.NotAuthorized);

    private static PacketFault In(PacketType type, PacketFault refusal, ReasonCode otherwise) =>
        ReasonCodes.MayStandIn(refusal.Code, type, PacketDirection.ToClient) ? refusal : refusal with { Code = otherwise };
}
