namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>Which way the packets of a reader travel; it decides which of them are legal.</summary>
public enum PacketDirection
{
    /// <summary>From a client: the reader belongs to a server.</summary>
    ToServer,

    /// <summary>From a server: the reader belongs to a client.</summary>
    ToClient,
}
