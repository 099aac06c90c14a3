using System.Text;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>A client that has sent its CONNECT and is nobody yet.</summary>
public sealed class PreConnectContext
{
    internal PreConnectContext(MqttPeer peer, ConnectPacket packet)
    {
        Peer = peer;
        Packet = packet;
    }

    /// <summary>Who is at the other end.</summary>
    public MqttPeer Peer { get; }

    /// <summary>
    /// The CONNECT. May be replaced by a changed copy (<c>context.Packet = context.Packet with { … }</c>): the client identifier, keep-alive, credentials, the will. An
    /// assigned identifier is told to MQTT 5 clients.
    /// </summary>
    /// <exception cref="ArgumentException">The version was changed, or a name is none that a CONNECT can carry.</exception>
    public ConnectPacket Packet
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (field is { } before) Check(before, value);
            field = value;
        }
    }

    private static void Check(ConnectPacket before, ConnectPacket after)
    {
        if (after.Version != before.Version) throw new ArgumentException($"The version is {before.Version} and cannot become {after.Version}.", nameof(after));

        if (Encoding.UTF8.GetByteCount(after.ClientId) > ushort.MaxValue || after.ClientId.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A client identifier has at most 65535 bytes and no U+0000.", nameof(after));
        }

        if (after.Will is { } will && !TopicName.IsValid(Encoding.UTF8.GetBytes(will.Topic)))
        {
            throw new ArgumentException($"'{will.Topic}' is no topic name for a will: 1 to 65535 bytes without wildcards and U+0000.", nameof(after));
        }
    }
}
