using System.Runtime.CompilerServices;

namespace Kuzzle.Edge.Broker;

/// <summary>The bounds of a broker. Whatever a client can make large has one.</summary>
public sealed record MqttBrokerOptions
{
    /// <summary>The largest packet that is accepted, in bytes; MQTT 5 clients are told. 128 to 268,435,460.</summary>
    public int MaxPacketBytes
    {
        get;
        init => field = InRange(value, 128, 268_435_460);
    } = 1024 * 1024;

    /// <summary>
    /// The largest CONNECT that is accepted, in bytes: so much may anybody make the broker hold who has not been let in. 128 to 268,435,460. The default holds the
    /// longest client identifier and a will.
    /// </summary>
    public int MaxConnectBytes
    {
        get;
        init => field = InRange(value, 128, 268_435_460);
    } = 128 * 1024;

    /// <summary>How long a connection may take to send its whole CONNECT. 100 ms to 10 min.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = InRange(value, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
    } = TimeSpan.FromSeconds(10);

    /// <summary>How long a closing connection may take to accept what was sent before. 0 to 1 min.</summary>
    public TimeSpan LingerTimeout
    {
        get;
        init => field = InRange(value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    } = TimeSpan.FromSeconds(2);

    /// <summary>How many connections may be open at once, clients or not. 1 to 1,000,000.</summary>
    public int MaxConnections
    {
        get;
        init => field = InRange(value, 1, 1_000_000);
    } = 50_000;

    /// <summary>
    /// How many connections may be open that have not been let in; more are turned away. With <see cref="MaxConnectBytes"/> it bounds what strangers may make the
    /// broker hold. 1 to 1,000,000.
    /// </summary>
    public int MaxConnecting
    {
        get;
        init => field = InRange(value, 1, 1_000_000);
    } = 2000;

    /// <summary>How many connections may come in a second, 0 for no limit; more are closed before anything is read from them. 0 to 1,000,000.</summary>
    public int MaxConnectionsPerSecond
    {
        get;
        init => field = InRange(value, 0, 1_000_000);
    }

    /// <summary>
    /// The longest keep-alive, in seconds; MQTT 5 clients that ask for more, or for none, are told to use it. Older clients cannot be told and keep their own.
    /// 0 (no limit) to 65,535.
    /// </summary>
    public int MaxKeepAliveSeconds
    {
        get;
        init => field = InRange(value, 0, 65_535);
    }

    /// <summary>How many QoS 2 messages an MQTT 5 client may have unreleased, and QoS 1 messages unacknowledged. 1 to 65,535.</summary>
    public int ReceiveMaximum
    {
        get;
        init => field = InRange(value, 1, 65_535);
    } = 1024;

    /// <summary>How many topic aliases an MQTT 5 client may use. 0 to 65,535; each costs its topic's length in memory.</summary>
    public int TopicAliasMaximum
    {
        get;
        init => field = InRange(value, 0, 65_535);
    } = 64;

    /// <summary>
    /// How many topic aliases the broker uses towards one MQTT 5 client, if it takes so many; each costs its topic's length in memory, once it is used. 0 to 65,535.
    /// </summary>
    public int MaxTopicAliasesToClient
    {
        get;
        init => field = InRange(value, 0, 65_535);
    } = 32;

    /// <summary>
    /// What MQTT 5 clients are told that ask for Response Information: the beginning of the topics on which they should have responses, where <c>%c</c> stands for the client
    /// identifier. Null, the default, for nothing. A client identifier with <c>/ + # $</c> gets nothing.
    /// </summary>
    public string? ResponseInformation
    {
        get;
        init => field = value is null || (value.Length is > 0 and <= 256 && !value.AsSpan().ContainsAny("+#\0"))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 256 characters of a topic without wildcards");
    }

    /// <summary>How many QoS 1 and 2 messages may be on their way to one client, if it does not want fewer itself. 1 to 16,384.</summary>
    public int MaxInFlight
    {
        get;
        init => field = InRange(value, 1, 16_384);
    } = 256;

    /// <summary>
    /// How many bytes may wait for one client to read them, before QoS 0 messages to it are dropped and others wait in its queue. 4 KiB to 1 GiB. A packet that was begun
    /// below the bound is sent whole.
    /// </summary>
    public int MaxPendingOutputBytes
    {
        get;
        init => field = InRange(value, 4096, 1024 * 1024 * 1024);
    } = 1024 * 1024;

    /// <summary>How many QoS 1 and 2 messages may wait for one client, absent or busy. What comes then is dropped. 1 to 10,000,000.</summary>
    public int MaxQueuedMessages
    {
        get;
        init => field = InRange(value, 1, 10_000_000);
    } = 10_000;

    /// <summary>
    /// How many bytes the messages that wait in one client's queue may have, and so many again those that were sent and not acknowledged. 1 KiB to 16 GiB. What comes when
    /// the queue is full is dropped.
    /// </summary>
    public long MaxQueuedBytes
    {
        get;
        init => field = InRange(value, 1024, 16L * 1024 * 1024 * 1024);
    } = 16 * 1024 * 1024;

    /// <summary>
    /// How many bytes may wait for all clients together, in queues and unread. 1 KiB to 64 GiB. From half of it on, clients that do not keep up get no more QoS 0 messages; from
    /// the whole on, nothing is queued any more.
    /// </summary>
    public long MaxTotalQueuedBytes
    {
        get;
        init => field = InRange(value, 1024, 64L * 1024 * 1024 * 1024);
    } = 128 * 1024 * 1024;

    /// <summary>
    /// How many topics may have a retained message. 0 to 10,000,000. Beyond it a QoS 1 or 2 message of an MQTT 5 client is refused whole, with 0x97; others are delivered
    /// and not retained.
    /// </summary>
    public int MaxRetainedMessages
    {
        get;
        init => field = InRange(value, 0, 10_000_000);
    } = 100_000;

    /// <summary>How many bytes the retained messages may have together. 0 to 16 GiB.</summary>
    public long MaxRetainedBytes
    {
        get;
        init => field = InRange(value, 0, 16L * 1024 * 1024 * 1024);
    } = 64 * 1024 * 1024;

    /// <summary>How many sessions there may be, of connected and of absent clients. 1 to 1,000,000.</summary>
    public int MaxSessions
    {
        get;
        init => field = InRange(value, 1, 1_000_000);
    } = 50_000;

    /// <summary>
    /// How long a session may wait for its client, in seconds; MQTT 5 clients that ask for more are told. It holds for older clients without clean session too.
    /// 0 to 4,294,967,295 (for ever).
    /// </summary>
    public uint MaxSessionExpirySeconds { get; init; } = 7 * 24 * 60 * 60;

    /// <summary>How many filters one session may subscribe to. 1 to 1,000,000.</summary>
    public int MaxSubscriptionsPerSession
    {
        get;
        init => field = InRange(value, 1, 1_000_000);
    } = 5000;

    /// <summary>How many levels a topic or filter may have. 1 to 32,768.</summary>
    public int MaxTopicLevels
    {
        get;
        init => field = InRange(value, 1, 32_768);
    } = 128;

    private static int InRange(int value, int min, int max, [CallerMemberName] string name = "") =>
        value >= min && value <= max ? value : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{min} to {max}"));

    private static long InRange(long value, long min, long max, [CallerMemberName] string name = "") =>
        value >= min && value <= max ? value : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{min} to {max}"));

    private static TimeSpan InRange(TimeSpan value, TimeSpan min, TimeSpan max, [CallerMemberName] string name = "") =>
        value >= min && value <= max ? value : throw new ArgumentOutOfRangeException(name, value, $"{min} to {max}");
}
