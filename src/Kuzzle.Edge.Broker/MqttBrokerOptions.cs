using System.Runtime.CompilerServices;

namespace Kuzzle.Edge.Broker;

/// <summary>
/// What a broker is told when it is made, first of all its bounds: whatever a client can make large has one. Settable so that a program can configure it in place; a
/// broker takes a copy, and what is set later concerns it no more.
/// </summary>
public sealed record MqttBrokerOptions
{
    /// <summary>
    /// The broker's name in its <c>$SYS</c> topics: one topic level of 1 to 255 characters. By default a GUID that is new with each broker; a program that wants the
    /// same one after a restart keeps it itself.
    /// </summary>
    public string Id
    {
        get;
        set => field = OneLevel(value);
    } = Guid.NewGuid().ToString();

    /// <summary>Where a broker listens that runs as a service of its program. A broker that is made by hand opens none.</summary>
    public IList<Hosting.IBrokerListener> Listeners { get; } = [];

    /// <summary>Whether these listeners let clients in that name no user, or one that no handler knows. Handlers are asked before.</summary>
    public Broker.Listeners.AnonymousAccess Anonymous { get; set; } = Broker.Listeners.AnonymousAccess.Allowed;

    /// <summary>
    /// How many publications may be with the program's handlers (<see cref="Handlers.IBrokerHandler.AuthorizePublishAsync"/> and
    /// <see cref="Handlers.IBrokerHandler.PublishedAsync"/>) at once, over all clients; others wait in the order of their client's packets. Delivery itself needs no such
    /// bound: it never waits for a receiver. 0 (no limit) to 100,000.
    /// </summary>
    public int Concurrency
    {
        get;
        set => field = InRange(value, 0, 100_000);
    } = 100;

    /// <summary>
    /// How many packets a client may have sent before its CONNECT is answered; one that sends more is closed. Looked at while the answer takes time; of what comes, no
    /// more than <see cref="MaxConnectBytes"/> are read until then, and the rest waits in the client's own buffers. 0 (only that) to 65,535.
    /// </summary>
    public int QueueLimit
    {
        get;
        set => field = InRange(value, 0, 65_535);
    } = 42;

    /// <summary>How many characters the client identifier of an MQTT 3.1 client may have; longer ones are refused with return code 2. 1 to 65,535; that version says 23.</summary>
    public int MaxClientsIdLength
    {
        get;
        set => field = InRange(value, 1, 65_535);
    } = 23;

    /// <summary>How long a handler of the program may take for one answer; later it has refused. 10 ms to 10 min.</summary>
    public TimeSpan HandlerTimeout
    {
        get;
        set => field = InRange(value, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
    } = TimeSpan.FromSeconds(5);

    /// <summary>How many events may wait for one observer, or in-process subscriber; beyond, the oldest are dropped and counted. 1 to 1,000,000.</summary>
    public int EventQueueLimit
    {
        get;
        set => field = InRange(value, 1, 1_000_000);
    } = 1024;

    /// <summary>
    /// Which topics the broker publishes about itself; none by default, and <see cref="SysTopics.SysTopicKinds.Lifecycle"/> where a program adds the broker to its services.
    /// Nobody sees them who does not subscribe below <c>$SYS</c>; an access list can forbid that.
    /// </summary>
    public SysTopics.SysTopicKinds SysTopics { get; set; }

    /// <summary>How often <c>$SYS/ID/heartbeat</c> is published, the first time after one interval. 100 ms to 1 day.</summary>
    public TimeSpan HeartbeatInterval
    {
        get;
        set => field = InRange(value, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1));
    } = TimeSpan.FromSeconds(60);

    /// <summary>How often the statistics of <c>$SYS/broker</c> are published, those that have changed. 1 s to 1 day.</summary>
    public TimeSpan StatisticsInterval
    {
        get;
        set => field = InRange(value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
    } = TimeSpan.FromSeconds(10);

    /// <summary>The largest packet that is accepted, in bytes; MQTT 5 clients are told. 128 to 268,435,460.</summary>
    public int MaxPacketBytes
    {
        get;
        set => field = InRange(value, 128, 268_435_460);
    } = 1024 * 1024;

    /// <summary>
    /// The largest CONNECT that is accepted, in bytes: so much may anybody make the broker hold who has not been let in. 128 to 268,435,460. The default holds the
    /// longest client identifier and a will.
    /// </summary>
    public int MaxConnectBytes
    {
        get;
        set => field = InRange(value, 128, 268_435_460);
    } = 128 * 1024;

    /// <summary>How long a connection may take to send its whole CONNECT. 100 ms to 10 min.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        set => field = InRange(value, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
    } = TimeSpan.FromSeconds(10);

    /// <summary>How long a closing connection may take to accept what was sent before. 0 to 1 min.</summary>
    public TimeSpan LingerTimeout
    {
        get;
        set => field = InRange(value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    } = TimeSpan.FromSeconds(2);

    /// <summary>How many connections may be open at once, clients or not. 1 to 1,000,000.</summary>
    public int MaxConnections
    {
        get;
        set => field = InRange(value, 1, 1_000_000);
    } = 50_000;

    /// <summary>
    /// How many connections may be open that have not been let in; more are turned away. With <see cref="MaxConnectBytes"/> it bounds what strangers may make the
    /// broker hold. 1 to 1,000,000.
    /// </summary>
    public int MaxConnecting
    {
        get;
        set => field = InRange(value, 1, 1_000_000);
    } = 2000;

    /// <summary>How many connections may come in a second, 0 for no limit; more are closed before anything is read from them. 0 to 1,000,000.</summary>
    public int MaxConnectionsPerSecond
    {
        get;
        set => field = InRange(value, 0, 1_000_000);
    }

    /// <summary>
    /// The longest keep-alive, in seconds; MQTT 5 clients that ask for more, or for none, are told to use it. Older clients cannot be told and keep their own.
    /// 0 (no limit) to 65,535.
    /// </summary>
    public int MaxKeepAliveSeconds
    {
        get;
        set => field = InRange(value, 0, 65_535);
    }

    /// <summary>How many QoS 2 messages an MQTT 5 client may have unreleased, and QoS 1 messages unacknowledged. 1 to 65,535.</summary>
    public int ReceiveMaximum
    {
        get;
        set => field = InRange(value, 1, 65_535);
    } = 1024;

    /// <summary>How many topic aliases an MQTT 5 client may use. 0 to 65,535; each costs its topic's length in memory.</summary>
    public int TopicAliasMaximum
    {
        get;
        set => field = InRange(value, 0, 65_535);
    } = 64;

    /// <summary>
    /// How many topic aliases the broker uses towards one MQTT 5 client, if it takes so many; each costs its topic's length in memory, once it is used. 0 to 65,535.
    /// </summary>
    public int MaxTopicAliasesToClient
    {
        get;
        set => field = InRange(value, 0, 65_535);
    } = 32;

    /// <summary>
    /// What MQTT 5 clients are told that ask for Response Information: the beginning of the topics on which they should have responses, where <c>%c</c> stands for the client
    /// identifier. Null, the default, for nothing. A client identifier with <c>/ + # $</c> gets nothing.
    /// </summary>
    public string? ResponseInformation
    {
        get;
        set => field = value is null || (value.Length is > 0 and <= 256 && !value.AsSpan().ContainsAny("+#\0"))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 256 characters of a topic without wildcards");
    }

    /// <summary>How many QoS 1 and 2 messages may be on their way to one client, if it does not want fewer itself. 1 to 16,384.</summary>
    public int MaxInFlight
    {
        get;
        set => field = InRange(value, 1, 16_384);
    } = 256;

    /// <summary>
    /// How many bytes may wait for one client to read them, before QoS 0 messages to it are dropped and others wait in its queue. 4 KiB to 1 GiB. A packet that was begun
    /// below the bound is sent whole.
    /// </summary>
    public int MaxPendingOutputBytes
    {
        get;
        set => field = InRange(value, 4096, 1024 * 1024 * 1024);
    } = 1024 * 1024;

    /// <summary>How many QoS 1 and 2 messages may wait for one client, absent or busy. What comes then is dropped. 1 to 10,000,000.</summary>
    public int MaxQueuedMessages
    {
        get;
        set => field = InRange(value, 1, 10_000_000);
    } = 10_000;

    /// <summary>
    /// How many bytes the messages that wait in one client's queue may have, and so many again those that were sent and not acknowledged. 1 KiB to 16 GiB. What comes when
    /// the queue is full is dropped.
    /// </summary>
    public long MaxQueuedBytes
    {
        get;
        set => field = InRange(value, 1024, 16L * 1024 * 1024 * 1024);
    } = 16 * 1024 * 1024;

    /// <summary>
    /// How many bytes may wait for all clients together, in queues and unread. 1 KiB to 64 GiB. From half of it on, clients that do not keep up get no more QoS 0 messages; from
    /// the whole on, nothing is queued any more.
    /// </summary>
    public long MaxTotalQueuedBytes
    {
        get;
        set => field = InRange(value, 1024, 64L * 1024 * 1024 * 1024);
    } = 128 * 1024 * 1024;

    /// <summary>
    /// How many topics may have a retained message. 0 to 10,000,000. Beyond it a QoS 1 or 2 message of an MQTT 5 client is refused whole, with 0x97; others are delivered
    /// and not retained.
    /// </summary>
    public int MaxRetainedMessages
    {
        get;
        set => field = InRange(value, 0, 10_000_000);
    } = 100_000;

    /// <summary>How many bytes the retained messages may have together. 0 to 16 GiB.</summary>
    public long MaxRetainedBytes
    {
        get;
        set => field = InRange(value, 0, 16L * 1024 * 1024 * 1024);
    } = 64 * 1024 * 1024;

    /// <summary>How many sessions there may be, of connected and of absent clients. 1 to 1,000,000.</summary>
    public int MaxSessions
    {
        get;
        set => field = InRange(value, 1, 1_000_000);
    } = 50_000;

    /// <summary>
    /// How long a session may wait for its client, in seconds; MQTT 5 clients that ask for more are told. It holds for older clients without clean session too.
    /// 0 to 4,294,967,295 (for ever).
    /// </summary>
    public uint MaxSessionExpirySeconds { get; set; } = 7 * 24 * 60 * 60;

    /// <summary>How many filters one session may subscribe to. 1 to 1,000,000.</summary>
    public int MaxSubscriptionsPerSession
    {
        get;
        set => field = InRange(value, 1, 1_000_000);
    } = 5000;

    /// <summary>How many levels a topic or filter may have. 1 to 32,768.</summary>
    public int MaxTopicLevels
    {
        get;
        set => field = InRange(value, 1, 32_768);
    } = 201;

    private static string OneLevel(string value, [CallerMemberName] string name = "") =>
        value is { Length: >= 1 and <= 255 } && !value.AsSpan().ContainsAny("/+#\0")
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "1 to 255 characters without '/', '+', '#' and U+0000");

    private static int InRange(int value, int min, int max, [CallerMemberName] string name = "") =>
        value >= min && value <= max ? value : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{min} to {max}"));

    private static long InRange(long value, long min, long max, [CallerMemberName] string name = "") =>
        value >= min && value <= max ? value : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{min} to {max}"));

    private static TimeSpan InRange(TimeSpan value, TimeSpan min, TimeSpan max, [CallerMemberName] string name = "") =>
        value >= min && value <= max ? value : throw new ArgumentOutOfRangeException(name, value, $"{min} to {max}");
}
