namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>How WebSocket clients are served (<c>server.protocols.websocket</c>). Immutable.</summary>
public sealed record KuzzleWebSocketOptions
{
    /// <summary>Whether WebSockets are accepted. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// A connection that shows no sign of life for this long is closed; a ping asks for one after half of it. At least one second, default one minute.
    /// </summary>
    public TimeSpan IdleTimeout
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "at least one second");
    } = TimeSpan.FromMinutes(1);

    /// <summary>How many messages a connection may send in a second; more are answered with an error and not executed. 0, the default: no limit.</summary>
    public int RateLimit
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "0 or more");
    }

    /// <summary>
    /// How many requests of one connection may be under way; then its next ones wait unread. 1 to 100 000, default 256: enough to fill a group commit,
    /// and answered within the two seconds after which the SDKs' keep-alive gives up.
    /// </summary>
    public int MaxRequestsInFlight
    {
        get;
        init => field = value is >= 1 and <= 100_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 100000");
    } = 256;

    /// <summary>
    /// How many bytes of answers and notifications may wait for a client that reads slower than we write; beyond them it is disconnected, or one
    /// stalled browser tab would hold the box's memory. At least 1024, default 4 MiB. A single larger answer still passes when nothing else waits.
    /// </summary>
    public int MaxQueuedBytes
    {
        get;
        init => field = value >= 1024 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "at least 1024");
    } = 4 << 20;
}
