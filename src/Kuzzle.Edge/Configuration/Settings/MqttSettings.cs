using System.Net;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.SysTopics;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Listeners;
using Kuzzle.Edge.Protocols.KuzzleLegacy;
using Kuzzle.Edge.Protocols.KuzzleV2;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>MQTT: Kuzzle's own keys, the listeners, and the bounds of the broker.</summary>
internal static class MqttSettings
{
    private const string Prefix = "server.protocols.mqtt.";
    private const long GiB = 1L << 30;

    private static readonly KuzzleMqttOptions Kuzzle = new();
    private static readonly KuzzleLegacyOptions Legacy = new();
    private static readonly MqttBrokerOptions Broker = new();

    public static readonly Setting<bool> Enabled = new(Prefix + "enabled", Types.Flag, true, "Whether there is an MQTT broker.");

    public static readonly Setting<IPAddress> Host = new(Prefix + "server.host", Types.Address, IPAddress.Any, "The address of the Kuzzle listener.");

    public static readonly Setting<int> Port = new(Prefix + "server.port", Types.Port, 1883, "The port of the Kuzzle listener; 0 lets the system choose one.");

    public static readonly Setting<string> RequestTopic = new(Prefix + "requestTopic", Types.TopicName, Kuzzle.RequestTopic, "The topic on which clients publish requests.");

    public static readonly Setting<string> ResponseTopic = new(
        Prefix + "responseTopic", Types.TopicName, Kuzzle.ResponseTopic, "The topic on which each client gets its answers.");

    public static readonly Setting<bool> ShareChannels = new(
        Prefix + "shareChannels",
        Types.Flag,
        Kuzzle.ShareChannels,
        "Whether clients of a Kuzzle listener may listen on the channels of others' realtime subscriptions, as the real server lets them.");

    public static readonly Setting<bool> IgnoreCredentials = new(
        Prefix + "ignoreCredentials",
        Types.Flag,
        Kuzzle.IgnoreCredentials,
        "Whether user names and passwords that clients of a Kuzzle listener connect with mean nothing, as in the real server; else they log the connection in.");

    public static readonly Setting<bool> AllowPubSub = new(
        Prefix + "allowPubSub", Types.Flag, Kuzzle.AllowPubSub, "Whether clients of a Kuzzle listener may publish on topics of their own.");

    public static readonly Setting<bool> DevelopmentMode = new(
        Prefix + "developmentMode",
        Types.Flag,
        Kuzzle.DevelopmentMode,
        "Makes answers public, so that command-line clients see them. Only where NODE_ENV or DOTNET_ENVIRONMENT is `development`.");

    public static readonly Setting<TimeSpan> DisconnectDelay = new(
        Prefix + "disconnectDelay", Types.Duration(TimeSpan.Zero, TimeSpan.FromHours(1)), Kuzzle.DisconnectDelay, "How long the rooms of a connection outlive it.");

    public static readonly Setting<bool> RealtimeNotifications = new(
        Prefix + "realtimeNotifications", Types.Flag, Kuzzle.RealtimeNotifications, "Whether a connection is told that its token has expired.");

    public static readonly Setting<bool> LegacyEnabled = new(
        Prefix + "legacy.enabled", Types.Flag, false, "Whether Kuzzle listeners take the requests of Kuzzle's MQTT dialect of 2015, too.");

    public static readonly Setting<string> LegacyIndex = new(
        Prefix + "legacy.index", Types.IndexName, Legacy.Index, "The one index of the 2015 dialect, whose topics name none.");

    public static readonly Setting<string> LegacyUser = new(
        Prefix + "legacy.user", Types.Text, Legacy.User, "The user (kuid) whose rights clients of the 2015 dialect have, for it knows no authentication. `-1` is the anonymous user.");

    public static readonly Setting<IReadOnlyList<SettingValues>> Listeners = new(
        Prefix + "listeners", new GroupListType(ListenerSettings.Schema), [], "Further MQTT listeners.");

    public static readonly Setting<bool> WebSocketEnabled = new("enabled", Types.Flag, true, "Whether MQTT clients may connect with a WebSocket to `/mqtt` on `server.port`.");

    public static readonly Setting<SettingValues> WebSocket = new(
        Prefix + "websocket",
        new GroupType(new SettingSchema([WebSocketEnabled, ListenerSettings.Profile, .. ListenerSettings.OfAccess], [])),
        null,
        "MQTT over WebSocket on the HTTP port. Absent: with the rules of the Kuzzle listener.");

    public static readonly Setting<int> MaxConnectionsPerSecond = new(
        Prefix + "maxConnectionsPerSecond",
        Types.Integer(1, 1_000_000),
        new TcpListenerOptions().MaxConnectionsPerSecond,
        "How many connections may begin on the Kuzzle listener in a second, and as many at once after a pause; more wait.");

    public static readonly Setting<bool> Persistence = new(
        Prefix + "persistence",
        Types.Flag,
        true,
        "Whether sessions that outlive their connections, their messages, retained messages and wills outlive the process too, in `storage.path`.");

    public static readonly Setting<int> MaxConnections = new(
        Prefix + "maxConnections", Types.Integer(1, 1_000_000), Broker.MaxConnections, "How many MQTT connections may be open.");

    public static readonly Setting<TimeSpan> ConnectTimeout = new(
        Prefix + "connectTimeout",
        Types.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
        Broker.ConnectTimeout,
        "How long a connection may take to send its CONNECT, with the TLS handshake before it.");

    public static readonly Setting<int> MaxConnecting = new(
        Prefix + "maxConnecting", Types.Integer(1, 1_000_000), Broker.MaxConnecting, "How many connections may be open that have not been let in; more are turned away.");

    public static readonly Setting<long> MaxConnectSize = new(
        Prefix + "maxConnectSize", Types.Bytes(128, 268_435_460), Broker.MaxConnectBytes, "The largest CONNECT: so much may a stranger make the broker hold.");

    public static readonly Setting<TimeSpan> LingerTimeout = new(
        Prefix + "lingerTimeout",
        Types.Duration(TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        Broker.LingerTimeout,
        "How long a closing connection may take to accept what was sent before.");

    public static readonly Setting<int> ReceiveMaximum = new(
        Prefix + "receiveMaximum", Types.Integer(1, 65_535), Broker.ReceiveMaximum, "How many QoS 1 and 2 messages an MQTT 5 client may have unacknowledged.");

    public static readonly Setting<int> TopicAliasMaximum = new(
        Prefix + "topicAliasMaximum", Types.Integer(0, 65_535), Broker.TopicAliasMaximum, "How many topic aliases an MQTT 5 client may use.");

    public static readonly Setting<int> MaxTopicAliasesToClient = new(
        Prefix + "maxTopicAliasesToClient",
        Types.Integer(0, 65_535),
        Broker.MaxTopicAliasesToClient,
        "How many topic aliases the broker uses towards an MQTT 5 client that takes so many.");

    public static readonly Setting<string> ResponseInformation = new(
        Prefix + "responseInformation",
        Types.ResponseTopics,
        Broker.ResponseInformation,
        "What MQTT 5 clients are told that ask where to have responses: the beginning of topics; `%c` stands for the client identifier. Absent: nothing.");

    public static readonly Setting<long> MaxPendingOutput = new(
        Prefix + "maxPendingOutput",
        Types.Bytes(4096, GiB),
        Broker.MaxPendingOutputBytes,
        "How much may wait for one client to read it, before QoS 0 messages to it are dropped and others are queued.");

    public static readonly Setting<SysTopicKinds> SysTopics = new(
        Prefix + "sysTopics",
        new ChoiceType<SysTopicKinds>(
            ("none", SysTopicKinds.None),
            ("lifecycle", SysTopicKinds.Lifecycle),
            ("statistics", SysTopicKinds.Statistics),
            ("all", SysTopicKinds.Lifecycle | SysTopicKinds.Statistics)),
        Broker.SysTopics,
        "What the broker publishes below `$SYS`: who comes, goes and subscribes (`$SYS/ID/…`), statistics under mosquitto's names (`$SYS/broker/…`), or both.");

    public static readonly Setting<string> SysId = new(
        Prefix + "sysId", Types.TopicLevel, null, "The ID of `$SYS/ID/…`. Absent: a new GUID with each start.");

    public static readonly Setting<TimeSpan> StatisticsInterval = new(
        Prefix + "statisticsInterval", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), Broker.StatisticsInterval, "How often changed statistics are published.");

    public static readonly Setting<TimeSpan> HeartbeatInterval = new(
        Prefix + "heartbeatInterval",
        Types.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)),
        Broker.HeartbeatInterval,
        "How often `$SYS/ID/heartbeat` is published.");

    public static readonly Setting<int> MaxKeepAlive = new(
        Prefix + "maxKeepAlive", Types.Integer(0, 65_535), Broker.MaxKeepAliveSeconds, "The longest keep-alive of MQTT 5 clients in seconds; 0: no limit.");

    public static readonly Setting<long> MaxPacketSize = new(
        Prefix + "maxPacketSize", Types.Bytes(128, 268_435_460), Broker.MaxPacketBytes, "The largest MQTT packet.");

    public static readonly Setting<int> MaxInFlight = new(
        Prefix + "maxInFlight", Types.Integer(1, 16_384), Broker.MaxInFlight, "How many QoS 1 and 2 messages may be on their way to one client.");

    public static readonly Setting<int> MaxQueuedMessages = new(
        Prefix + "maxQueuedMessages", Types.Integer(1, 10_000_000), Broker.MaxQueuedMessages, "How many QoS 1 and 2 messages may wait for one client; what comes then is dropped.");

    public static readonly Setting<long> MaxQueuedBytes = new(
        Prefix + "maxQueuedBytes", Types.Bytes(1024, 16 * GiB), Broker.MaxQueuedBytes, "How much memory the messages that wait for one client may take.");

    public static readonly Setting<long> MaxTotalQueuedBytes = new(
        Prefix + "maxTotalQueuedBytes", Types.Bytes(1024, 64 * GiB), Broker.MaxTotalQueuedBytes, "How much memory the messages that wait for all clients may take together.");

    public static readonly Setting<int> MaxRetainedMessages = new(
        Prefix + "maxRetainedMessages", Types.Integer(0, 10_000_000), Broker.MaxRetainedMessages, "How many topics may have a retained message.");

    public static readonly Setting<long> MaxRetainedBytes = new(
        Prefix + "maxRetainedBytes", Types.Bytes(0, 16 * GiB), Broker.MaxRetainedBytes, "How much memory the retained messages may take together.");

    public static readonly Setting<int> MaxSessions = new(
        Prefix + "maxSessions", Types.Integer(1, 1_000_000), Broker.MaxSessions, "How many sessions there may be, of connected and of absent clients.");

    public static readonly Setting<long> MaxSessionExpiry = new(
        Prefix + "maxSessionExpiry",
        Types.Long(0, uint.MaxValue),
        Broker.MaxSessionExpirySeconds,
        "How long a session waits for its client at most, in seconds; 4294967295: for ever.");

    public static readonly Setting<int> MaxSubscriptions = new(
        Prefix + "maxSubscriptions", Types.Integer(1, 1_000_000), Broker.MaxSubscriptionsPerSession, "How many filters one session may subscribe to.");

    public static readonly Setting<int> MaxTopicLevels = new(
        Prefix + "maxTopicLevels", Types.Integer(1, 32_768), Broker.MaxTopicLevels, "How many levels a topic or filter may have.");

    public static IReadOnlyList<Setting> All { get; } =
    [
        Enabled, Host, Port, RequestTopic, ResponseTopic, AllowPubSub, ShareChannels, IgnoreCredentials, DevelopmentMode, DisconnectDelay, RealtimeNotifications,
        LegacyEnabled, LegacyIndex, LegacyUser, Listeners, WebSocket,
        Persistence, MaxConnectionsPerSecond, MaxConnections,
        MaxConnecting, MaxConnectSize, LingerTimeout, ReceiveMaximum, TopicAliasMaximum, MaxTopicAliasesToClient, ResponseInformation, MaxPendingOutput,
        SysTopics, SysId, StatisticsInterval, HeartbeatInterval,
        ConnectTimeout, MaxKeepAlive, MaxPacketSize, MaxInFlight, MaxQueuedMessages, MaxQueuedBytes, MaxTotalQueuedBytes, MaxRetainedMessages, MaxRetainedBytes,
        MaxSessions, MaxSessionExpiry, MaxSubscriptions, MaxTopicLevels,
    ];
}
