using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>Reasons for which a CONNECT may be refused.</summary>
internal static class ConnectReasons
{
    public static ReasonCode Check(ReasonCode reason) =>
        reason >= ReasonCode.UnspecifiedError && ReasonCodes.MayStandIn(reason, PacketType.Connack, PacketDirection.ToClient)
            ? reason
            : throw new ArgumentException($"{reason} (0x{(int)reason:X2}) is no reason for which a CONNECT is refused.", nameof(reason));

    /// <summary>The reason for a return code of 3.1.1; all that are not 2 to 5 are 5.</summary>
    public static ReasonCode Of(int returnCode) => returnCode switch
    {
        2 => ReasonCode.ClientIdentifierNotValid,
        3 => ReasonCode.ServerUnavailable,
        4 => ReasonCode.BadUserNameOrPassword,
        _ => ReasonCode.NotAuthorized,
    };
}
