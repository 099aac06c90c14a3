using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Sync.Connections;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>One bridge. Immutable.</summary>
public sealed record MqttBridgeOptions
{
    /// <summary>Its name, one topic level; different for each bridge of a box.</summary>
    public required string Name { get; init; }

    /// <summary>Where the other broker is: mqtt, mqtts, ws or wss.</summary>
    public required Uri Url { get; init; }

    /// <summary>The version to speak with it: 3.1.1 or 5.0.</summary>
    public MqttVersion Version { get; init; } = MqttVersion.V5;

    /// <summary>The client identifier there. It names the session that waits there, so it must stay the same and be nobody else's.</summary>
    public required string ClientId { get; init; }

    /// <summary>The user name there, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>The password there, or null.</summary>
    public UpstreamSecret? Password { get; init; }

    /// <summary>What an encrypted connection trusts and shows.</summary>
    public UpstreamTls Tls { get; init; } = new();

    /// <summary>Whether the other side forgets what it had for this bridge at each connection. Default false.</summary>
    public bool Clean { get; init; }

    /// <summary>Speaks for the devices of an application where the other side is a Drogue device endpoint; null elsewhere.</summary>
    public DrogueGateway? Drogue { get; init; }

    /// <summary>What is carried; at least one, or <see cref="Drogue"/>.</summary>
    public required IReadOnlyList<BridgeTopic> Topics { get; init; }

    /// <summary>
    /// A topic of the other side on which "1" is retained while the bridge is connected and, by its will, "0" while it is not. Null for none. A broker that refuses the connection
    /// for it is asked without it.
    /// </summary>
    public string? RemoteStateTopic { get; init; }

    /// <summary>How long nothing may be heard of the other side. More than 0, default 60 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection or an answer may take. More than 0, default 15 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest pause between two attempts to connect. Default one minute.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many messages may be under way unacknowledged, each way; to a 3.1.1 broker at most 20 where a topic has QoS 2. 1 to 1,000, default 100.</summary>
    public int MaxInFlight
    {
        get;
        init => field = value is >= 1 and <= 1000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 1000");
    } = 100;

    /// <summary>The largest packet taken. 1 KiB to 256 MiB, default 1 MiB.</summary>
    public int MaxPacketBytes { get; init; } = 1024 * 1024;

    /// <summary>The largest packet sent, where the other broker has not said that it takes less; before 5.0 it cannot. 1 KiB to 256 MiB, by default the largest that there can be.</summary>
    public int MaxSentPacketBytes { get; init; } = PacketLimits.LargestPossiblePacket;

    /// <summary>How many messages may wait here for the other side; what comes then is dropped and counted. 1 to 10,000,000, default 100,000.</summary>
    public int MaxQueuedMessages { get; init; } = 100_000;

    /// <summary>How many bytes they may have. Default 64 MiB; they are kept in memory, too.</summary>
    public long MaxQueuedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>What becomes of a message that comes when the queue is full.</summary>
    public QueuePolicy QueuePolicy { get; init; }

    /// <summary>The client identifier of the bridge's session here.</summary>
    public string LocalClientId => LocalClientIdPrefix + Name;

    /// <summary>How the client identifiers of all bridges begin here.</summary>
    public const string LocalClientIdPrefix = "bridge/";

    /// <summary>Where a state is told by custom: under a name of this box's, or a client identifier.</summary>
    public static string StateTopicOf(string name) => $"$SYS/broker/connection/{name}/state";
}
