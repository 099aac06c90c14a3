using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>How a client connects, and what it takes. Immutable.</summary>
public sealed record MqttClientOptions
{
    /// <summary>The version to speak: 3.1.1 or 5.0; 3.1 works, too. There is no falling back to another one.</summary>
    public MqttVersion Version
    {
        get;
        init => field = value is MqttVersion.V31 or MqttVersion.V311 or MqttVersion.V5 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "V31, V311 or V5");
    } = MqttVersion.V5;

    /// <summary>
    /// 3.x: marks the client as a bridge. A server that knows the mark sends it none of its own messages back, and tells of live messages whether they are to be retained; one that does not
    /// refuses the version.
    /// </summary>
    public bool IsBridge { get; init; }

    /// <summary>The client identifier. Empty asks the server for one, which before MQTT 5.0 needs <see cref="CleanStart"/>. [MQTT-3.1.3-7]</summary>
    public required string ClientId { get; init; }

    /// <summary>Whether the server forgets an earlier session; what the client's own session holds is then sent as new. [MQTT-3.1.2-6] [MQTT5-3.1.2-4]</summary>
    public bool CleanStart { get; init; }

    /// <summary>MQTT 5.0: seconds the server keeps the session after the connection; 0xFFFFFFFF for ever. Default 0. [MQTT5-3.1.2-23]</summary>
    public uint SessionExpirySeconds { get; init; }

    /// <summary>
    /// The longest silence; the server may choose another one. A PINGREQ goes out within nine tenths of it, whatever else is sent, because only its answer shows that
    /// the other side is still there. 0 (off) to 65,535 s, default 60 s. [MQTT-3.1.2-23] [MQTT5-3.1.2-20] [MQTT5-3.1.2-21]
    /// </summary>
    public TimeSpan KeepAlive
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromSeconds(65_535) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "0 to 65535 s");
    } = TimeSpan.FromSeconds(60);

    /// <summary>How long the connection, its CONNACK and the answer to a PINGREQ (this one at most half the keep-alive) may take each. More than 0, default 10 s.</summary>
    public TimeSpan AnswerTimeout
    {
        get;
        init => field = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "more than 0");
    } = TimeSpan.FromSeconds(10);

    /// <summary>What the server publishes when the client disappears; null for nothing.</summary>
    public WillMessage? Will { get; init; }

    /// <summary>Null when absent.</summary>
    public string? UserName { get; init; }

    /// <summary>Null when absent; before MQTT 5.0 it needs a user name. [MQTT-3.1.2-22]</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>
    /// How many messages may wait for the handler. An MQTT 5.0 server is told and obeys at QoS 1 and 2; beyond that nothing more is read from the connection until the
    /// handler has completed one. 1 to 65,535, default 100. [MQTT5-3.3.4-9]
    /// </summary>
    public int ReceiveMaximum
    {
        get;
        init => field = value is >= 1 and <= 65_535 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 65535");
    } = 100;

    /// <summary>
    /// Called for each message of QoS 0 that comes while <see cref="ReceiveMaximum"/> messages wait for the handler, and is dropped. Null, the default: none is; nothing more is read
    /// from the connection until the handler has completed one. A handler that waits for something the server has yet to say, such as an acknowledgement, must not wait behind messages of QoS 0.
    /// </summary>
    public Action? Overflowed { get; init; }

    /// <summary>
    /// Whether an MQTT 5.0 server that sends more than <see cref="ReceiveMaximum"/> unacknowledged is disconnected. Default true. False takes what comes at the handler's pace: mosquitto 2.0.11
    /// sends what it has queued without counting, so a client that insists would never get it. [MQTT5-3.3.4-9]
    /// </summary>
    public bool EnforcesReceiveMaximum { get; init; } = true;

    /// <summary>How many own messages of QoS 1 and 2 may be unacknowledged, if the server takes as many. 1 to 65,535, default 100. [MQTT5-3.3.4-7]</summary>
    public int MaxInFlight
    {
        get;
        init => field = value is >= 1 and <= 65_535 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 65535");
    } = 100;

    /// <summary>The largest packet taken, which an MQTT 5.0 server is told; a larger one ends the connection, but for <see cref="TakesOversized"/>. 32 to 268,435,460, default 1 MiB. [MQTT5-3.1.2-24]</summary>
    public int MaxPacketBytes
    {
        get;
        init => field = value is >= 32 and <= PacketLimits.LargestPossiblePacket ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "32 to 268435460");
    } = 1024 * 1024;

    /// <summary>
    /// The largest message that is sent, as a packet, where the server has not said that it takes less; before 5.0 it cannot say so. A larger one is refused with
    /// <see cref="ReasonCode.PacketTooLarge"/>. 32 to 268,435,460, by default the largest packet that there can be.
    /// </summary>
    public int MaxSentPacketBytes
    {
        get;
        init => field = value is >= 32 and <= PacketLimits.LargestPossiblePacket ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "32 to 268435460");
    } = PacketLimits.LargestPossiblePacket;

    /// <summary>
    /// Before 5.0, where a server cannot be told <see cref="MaxPacketBytes"/>: whether a larger message is acknowledged and handed over without its payload, which is never held
    /// (<see cref="MqttIncoming.DiscardedBytes"/>). Default false: it ends the connection, and a server that keeps it sends it first on the next one.
    /// </summary>
    public bool TakesOversized { get; init; }

    /// <summary>Whether what the session holds waits for <see cref="MqttClient.ResumeSinglyAsync"/>, which the owner calls before it sends anything new. Default false: it is sent at once.</summary>
    public bool ResumesSingly { get; init; }

    /// <summary>MQTT 5.0: how many topic aliases the server may use. Default 0. [MQTT5-3.1.2-26]</summary>
    public ushort TopicAliasMaximum { get; init; }

    /// <summary>MQTT 5.0: how many topic aliases this client uses, if the server takes as many. Default 0. [MQTT5-3.2.2-17]</summary>
    public ushort MaxOutgoingAliases { get; init; }

    /// <summary>MQTT 5.0: for the server.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    internal ConnectPacket ToPacket() => new()
    {
        Version = Version,
        IsBridge = IsBridge,
        ClientId = ClientId,
        CleanStart = CleanStart,
        KeepAlive = (ushort)Math.Ceiling(KeepAlive.TotalSeconds),
        Will = Will,
        UserName = UserName,
        Password = Password,
        Properties = Version != MqttVersion.V5 ? null : new MqttProperties
        {
            SessionExpiryInterval = SessionExpirySeconds == 0 ? null : SessionExpirySeconds,
            ReceiveMaximum = (ushort)ReceiveMaximum,
            MaximumPacketSize = (uint)MaxPacketBytes,
            TopicAliasMaximum = TopicAliasMaximum == 0 ? null : TopicAliasMaximum,
            UserProperties = UserProperties,
        },
    };
}
