namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>Why a packet was refused.</summary>
/// <param name="Code">What the peer is told, when its version and the moment allow telling.</param>
/// <param name="Detail">One constant sentence for a log or a Reason String; it holds nothing that the peer sent.</param>
public readonly record struct PacketFault(ReasonCode Code, string Detail)
{
    /// <summary>No fault.</summary>
    public static PacketFault None => default;

    /// <summary>Whether there is a fault at all.</summary>
    public bool IsFault => Code != ReasonCode.Success;

    internal static PacketFault Malformed(string detail) => new(ReasonCode.MalformedPacket, detail);

    internal static PacketFault Protocol(string detail) => new(ReasonCode.ProtocolError, detail);
}
