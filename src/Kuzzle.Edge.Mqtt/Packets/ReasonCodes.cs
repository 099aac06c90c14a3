using System.Collections.Frozen;

namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>Which reason code may stand in which packet (MQTT 5.0, table 2-6), and what 3.x has in its place.</summary>
public static class ReasonCodes
{
    private static readonly FrozenSet<ReasonCode> InConnack = Set(
        0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F);

    private static readonly FrozenSet<ReasonCode> InPuback = Set(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99);

    private static readonly FrozenSet<ReasonCode> InSuback = Set(0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2);

    private static readonly FrozenSet<ReasonCode> InUnsuback = Set(0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91);

    private static readonly FrozenSet<ReasonCode> InDisconnectOfClient = Set(
        0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x8C, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99);

    private static readonly FrozenSet<ReasonCode> InDisconnectOfServer = Set(
        0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E,
        0x9F, 0xA0, 0xA1, 0xA2);

    /// <summary>Whether the standard lets this side send the code in this type of packet.</summary>
    public static bool MayStandIn(ReasonCode code, PacketType type, PacketDirection direction) => type switch
    {
        PacketType.Connack => InConnack.Contains(code),
        PacketType.Puback or PacketType.Pubrec => code == ReasonCode.Success || InPuback.Contains(code),
        PacketType.Pubrel or PacketType.Pubcomp => code is ReasonCode.Success or ReasonCode.PacketIdentifierNotFound,
        PacketType.Suback => InSuback.Contains(code),
        PacketType.Unsuback => InUnsuback.Contains(code),
        PacketType.Disconnect => (direction == PacketDirection.ToServer ? InDisconnectOfClient : InDisconnectOfServer).Contains(code),
        PacketType.Auth => direction == PacketDirection.ToServer
            ? code is ReasonCode.ContinueAuthentication or ReasonCode.ReAuthenticate
            : code is ReasonCode.Success or ReasonCode.ContinueAuthentication,
        _ => false,
    };

    /// <summary>The return code of a 3.x CONNACK (table 3.1 of 3.1.1) that says most nearly the same.</summary>
    public static byte ToReturnCode(ReasonCode code) => code switch
    {
        ReasonCode.Success => 0,
        ReasonCode.UnsupportedProtocolVersion => 1,
        ReasonCode.ClientIdentifierNotValid => 2,
        ReasonCode.BadUserNameOrPassword => 4,
        ReasonCode.NotAuthorized or ReasonCode.Banned or ReasonCode.BadAuthenticationMethod => 5,
        _ => 3, // server unavailable
    };

    /// <summary>The reason code that means what the return code of a 3.x CONNACK means; false for a code that does not exist.</summary>
    public static bool TryFromReturnCode(byte returnCode, out ReasonCode code)
    {
        code = returnCode switch
        {
            0 => ReasonCode.Success,
            1 => ReasonCode.UnsupportedProtocolVersion,
            2 => ReasonCode.ClientIdentifierNotValid,
            3 => ReasonCode.ServerUnavailable,
            4 => ReasonCode.BadUserNameOrPassword,
            _ => ReasonCode.NotAuthorized,
        };
        return returnCode <= 5;
    }

    private static FrozenSet<ReasonCode> Set(params ReadOnlySpan<byte> codes)
    {
        var set = new HashSet<ReasonCode>();
        foreach (var code in codes) set.Add((ReasonCode)code);
        return set.ToFrozenSet();
    }
}
