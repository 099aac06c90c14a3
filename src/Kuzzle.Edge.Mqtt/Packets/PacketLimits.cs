namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>The bounds of a reader. Immutable; give a connection another one by swapping the whole.</summary>
public sealed record PacketLimits
{
    /// <summary>The largest packet the protocol can carry: five bytes of fixed header and 268,435,455 behind them.</summary>
    public const int LargestPossiblePacket = 268_435_455 + 5;

    /// <summary>The defaults.</summary>
    public static PacketLimits Default { get; } = new();

    /// <summary>Largest packet in bytes, fixed header included; larger ones are refused with 0x95 before their body is read. 32 to 268,435,460, default 1 MiB.</summary>
    public int MaxPacketBytes
    {
        get;
        init => field = value is >= 32 and <= LargestPossiblePacket ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "32 to 268435460");
    } = 1024 * 1024;

    /// <summary>
    /// Largest CONNECT in bytes, fixed header included. Strangers may send this much before anybody knows who they are. 32 to 268,435,460, default
    /// 128 KiB: the longest client identifier and an equally long will fit.
    /// </summary>
    public int MaxConnectBytes
    {
        get;
        init => field = value is >= 32 and <= LargestPossiblePacket ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "32 to 268435460");
    } = 128 * 1024 + 64;

    /// <summary>User properties in one property list; more are refused with 0x97. 0 to 65,536, default 8,192.</summary>
    public int MaxUserProperties
    {
        get;
        init => field = value is >= 0 and <= 65_536 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "0 to 65536");
    } = 8192;

    /// <summary>
    /// Levels of a topic name (more end the connection with 0x90) or a topic filter (more are refused one by one). 1 to 65,536, default 201 (200 slashes): a tree
    /// that recurses over levels stays far from the end of its stack.
    /// </summary>
    public int MaxTopicLevels
    {
        get;
        init => field = value is >= 1 and <= 65_536 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 65536");
    } = 201;

    /// <summary>The Topic Alias Maximum that was announced to the peer; a higher alias is refused with 0x94. Default 0: none. [MQTT5-3.3.2-9]</summary>
    public ushort TopicAliasMaximum { get; init; }

    /// <summary>
    /// Whether a message with an empty topic is read like any other, for somebody who refuses it in its acknowledgement. Default false: it ends the connection, as the
    /// standard wants.
    /// </summary>
    public bool AllowsEmptyTopics { get; init; }
}
