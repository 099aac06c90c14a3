using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client.Connectors;
using Kuzzle.Edge.Sync.Bridges;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>The other MQTT brokers to which messages go, and from which they come.</summary>
internal static class BridgeSettings
{
    private static readonly MqttBridgeOptions Bridge = new() { Name = "name", Url = new Uri("mqtt://localhost"), ClientId = "", Topics = [] };

    private static readonly BridgeTopic Rule = new("#", BridgeDirection.Out);

    /// <summary>What stands where no state is told on the other side.</summary>
    public const string NoTopic = "none";

    private static readonly TextType<string> Prefix = new(
        "the beginning of a topic: text without +, # and U+0000", static text => text.AsSpan().IndexOfAny('+', '#', '\0') < 0 ? text : null, static text => text);

    public static readonly Setting<string> Pattern = new("pattern", Types.Text, null, "A topic filter, to stand behind the prefixes.") { IsRequired = true };

    public static readonly Setting<BridgeDirection> Direction = new(
        "direction",
        new ChoiceType<BridgeDirection>(("in", BridgeDirection.In), ("out", BridgeDirection.Out), ("both", BridgeDirection.Both)),
        Rule.Direction,
        "Which way its messages go: `out` to the other broker, `in` from there.");

    public static readonly Setting<int> QualityOfService = new(
        "qos", Types.Integer(0, 2), (int)Rule.QualityOfService, "The highest quality of service with which its messages cross. Those of 1 and 2 wait for the other side; of 0 they do not.");

    public static readonly Setting<string> LocalPrefix = new("localPrefix", Prefix, Rule.LocalPrefix, "What its topics begin with here, \"plant/\" for example.");

    public static readonly Setting<string> RemotePrefix = new("remotePrefix", Prefix, Rule.RemotePrefix, "What they begin with on the other side, instead.");

    public static readonly Setting<bool> Retain = new("retain", Types.Flag, Rule.Retain, "Whether what is retained on one side is retained on the other.");

    public static readonly Setting<IReadOnlyList<SettingValues>> Topics = new(
        "topics",
        new GroupListType(new SettingSchema([Pattern, Direction, QualityOfService, LocalPrefix, RemotePrefix, Retain], []), shorthand: Pattern.Key),
        [],
        "What crosses. Of those that fit a topic, the first counts. \"plant/#\" is short for one with nothing but `pattern`: what goes out.");

    public static readonly Setting<string> Application = new("application", Types.TopicLevel, null, "The application here whose devices go there.") { IsRequired = true };

    public static readonly Setting<string> Self = new(
        "device", Types.TopicLevel, null, "The device here that gets commands for the box itself. Absent: the one named as the box is there, by `auth.username` up to the first `@`.");

    public static readonly Setting<bool> HasDevicePrefix = new(
        "dialect",
        new ChoiceType<bool>(("v1", false), ("device-prefix", true)),
        false,
        "The dialect that the other side has for this box: `v1` (topics are `channel/device`) or `device-prefix` (`device/channel`, in which a channel may have slashes).");

    public static readonly Setting<TimeSpan> CommandTtl = new(
        "commandTtl",
        Types.Duration(TimeSpan.Zero, TimeSpan.FromDays(31)),
        TimeSpan.Zero,
        "How long a command waits here for its device. 0: as there, who is not connected does not get it. Above it, the device must acknowledge.");

    public static readonly Setting<SettingValues> Drogue = new(
        "drogue",
        new GroupType(new SettingSchema([Application, Self, HasDevicePrefix, CommandTtl], []), shorthand: Application.Key),
        null,
        "Speaks for the devices of an application here, where the other broker is a Drogue device endpoint and this box a gateway: what they say goes up on their behalf, and commands from `command/inbox/\\#` are sent to them. Absent: it is a plain broker.");

    public static readonly Setting<string> Name = new("name", Types.DeviceName, null, "Its name, in topics, metrics and logs. The messages that wait are kept under it.") { IsRequired = true };

    public static readonly Setting<Uri> Url = new(
        "url",
        new TextType<Uri>(
            "an address such as \"mqtts://broker.example\" (mqtt, mqtts, ws or wss)",
            static text => Uri.TryCreate(text, UriKind.Absolute, out var url) && MqttNetworkConnector.IsSupported(url) ? url : null,
            static url => url.OriginalString),
        null,
        "Where the other broker is. Without a port: 1883, with mqtts 8883, with ws 80, with wss 443.")
    { IsRequired = true };

    public static readonly Setting<MqttVersion> Version = new("version", new MqttVersionType(), Bridge.Version, "The version of MQTT to speak with it.");

    public static readonly Setting<string> ClientId = new(
        "clientId",
        Types.TopicLevel,
        null,
        "The client identifier there. It names what waits there, so it must stay the same, and no other client may have it. Absent: the name of this machine, \"-\" and `name`.");

    public static readonly Setting<string> UserName = new("username", Types.Text, null, "The user name there.");

    public static readonly Setting<string> Password = new("password", Types.Text, null, "Its password.") { IsSecret = true };

    public static readonly Setting<string> PasswordFile = new("passwordFile", Types.FilePath, null, "Instead: a file that holds nothing else. A relative path is below the folder of systemd's credentials.");

    public static readonly Setting<SettingValues> Auth = new(
        "auth", new GroupType(new SettingSchema([UserName, Password, PasswordFile], [])), null, "Who the bridge is there. Absent: anonymous, or whom it takes the holder of `tls.certificate` for.");

    public static readonly Setting<SettingValues> Tls = new(
        "tls",
        new GroupType(new SettingSchema([UpstreamSettings.Trust, UpstreamSettings.Certificate, UpstreamSettings.CertificateKey, UpstreamSettings.ServerName], [])),
        null,
        "What an mqtts or wss bridge trusts and shows. The files are read at each connection.");

    public static readonly Setting<bool> Clean = new(
        "clean", Types.Flag, Bridge.Clean, "Whether the other broker forgets, at each connection, what waited there for this box. What waits here is kept in any case.");

    public static readonly Setting<TimeSpan> KeepAlive = new(
        "keepAlive", Types.Duration(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(65_535)), Bridge.KeepAlive, "How long nothing may be heard of the other side before the connection counts as broken.");

    public static readonly Setting<TimeSpan> AnswerTimeout = new(
        "answerTimeout", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), Bridge.AnswerTimeout, "How long a connection, and the answer to it, may take.");

    public static readonly Setting<TimeSpan> MaxRetryDelay = new(
        "maxRetryDelay", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), Bridge.MaxRetryDelay, "The longest pause between two attempts to connect.");

    public static readonly Setting<int> MaxInFlight = new("maxInFlight", Types.Integer(1, 1000), Bridge.MaxInFlight, "How many messages may be unacknowledged, each way; fewer if the other broker says so, and at most 20 to a 3.1.1 broker where a topic has QoS 2.");

    public static readonly Setting<long> MaxPacketSize = new("maxPacketSize", Types.Bytes(1024, 268_435_460), Bridge.MaxPacketBytes, "The largest packet that is taken from the other broker.");

    public static readonly Setting<long> MaxSentPacketSize = new(
        "maxSentPacketSize",
        Types.Bytes(1024, 268_435_460),
        Bridge.MaxSentPacketBytes,
        "The largest packet that is sent to the other broker; a larger message is dropped. For 3.1.1 brokers, which cannot say what they take, and may close the connection instead. What a 5 broker says counts, too.");

    public static readonly Setting<string> StateTopic = new(
        "stateTopic",
        Types.TopicName,
        null,
        $"Where `1` is retained on the other side while the bridge is connected, and `0`, by its will, while it is not; \"{NoTopic}\" for nowhere. Absent: `$SYS/broker/connection/CLIENTID/state`. (Here it is always `$SYS/broker/connection/NAME/state`.)");

    public static readonly Setting<int> QueueMessages = new(
        "queue.maxMessages", Types.Integer(1, 10_000_000), Bridge.MaxQueuedMessages, "How many messages may wait here for the other side.");

    public static readonly Setting<long> QueueBytes = new(
        "queue.maxSize", Types.Bytes(64 * 1024, 16L * 1024 * 1024 * 1024), Bridge.MaxQueuedBytes, "How large they may be together. They are in memory, too; all queues together are bounded by server.protocols.mqtt.maxTotalQueuedBytes.");

    public static readonly Setting<QueuePolicy> QueuePolicy = new(
        "queue.whenFull",
        new ChoiceType<QueuePolicy>(("drop-newest", Sync.Bridges.QueuePolicy.DropNewest), ("drop-oldest", Sync.Bridges.QueuePolicy.DropOldest)),
        Bridge.QueuePolicy,
        "Which message is given up when the queue is full: the one that comes, or the one that has waited longest. Counted in `bridge.overflowed`.");

    /// <summary>The bridges.</summary>
    public static readonly Setting<IReadOnlyList<SettingValues>> Mqtt = new(
        "upstream.mqtt",
        new GroupListType(new SettingSchema(
            [Name, Url, Version, ClientId, Auth, Tls, Clean, Topics, Drogue, StateTopic, QueueMessages, QueueBytes, QueuePolicy, KeepAlive, AnswerTimeout, MaxRetryDelay, MaxInFlight, MaxPacketSize, MaxSentPacketSize], [])),
        [],
        "Bridges to other MQTT brokers. A reload starts those anew that have changed.");

    public static IReadOnlyList<Setting> All { get; } = [Mqtt];
}
