using System.Net;
using Kuzzle.Edge.Protocols.WebSocket;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>Where and how HTTP and WebSocket clients are served. Immutable.</summary>
public sealed record HttpOptions
{
    /// <summary>The largest <see cref="MaxRequestBytes"/> that makes sense: a request is one array.</summary>
    private const int LargestRequestBytes = 1 << 30;

    /// <summary>The address to listen on; by default all of this machine's.</summary>
    public IPAddress Address { get; init; } = IPAddress.Any;

    /// <summary>The TCP port; 0 lets the system choose. Default 7512, Kuzzle's.</summary>
    public int Port
    {
        get;
        init => field = value is >= 0 and <= 65_535 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "0 to 65535");
    } = 7512;

    /// <summary>Whether HTTP requests are answered (<c>server.protocols.http.enabled</c>); otherwise the port is for WebSockets only. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The WebSocket side of the same port.</summary>
    public KuzzleWebSocketOptions WebSocket { get; init; } = new();

    /// <summary>The largest request in bytes, as it arrives and uncompressed (<c>server.maxRequestSize</c>). 1 to 2^30, default 1 MiB.</summary>
    public int MaxRequestBytes
    {
        get;
        init => field = value is >= 1 and <= LargestRequestBytes ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 1073741824");
    } = 1 << 20;

    /// <summary>
    /// The largest <c>bulk:import</c> in bytes, as it arrives and uncompressed (<c>server.protocols.http.maxImportSize</c>). It is stored while it comes, so it takes no more
    /// memory than a small one. 1 to 2^40, default 1 GiB.
    /// </summary>
    public long MaxImportBytes
    {
        get;
        init => field = value is >= 1 and <= 1L << 40 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 2^40");
    } = 1L << 30;

    /// <summary>
    /// Which web pages may use the API: their origins, such as <c>https://console.kuzzle.io</c>, or <c>*</c> for all
    /// (<c>http.accessControlAllowOrigin</c>). Default <c>*</c>, as Kuzzle: who may do what is decided by tokens, never by cookies.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    /// <summary>
    /// How many bytes the requests under way on all connections may have together; then WebSockets wait unread, and HTTP requests are answered with
    /// <c>api.process.overloaded</c>. At least 1, default 64 MiB.
    /// </summary>
    public long MaxTotalBytesInFlight
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "at least 1");
    } = 64L << 20;

    /// <summary>How many HTTP connections, and apart from them how many WebSockets, may be open at once. 1 to 1 000 000, default 1024 each.</summary>
    public int MaxConnections
    {
        get;
        init => field = value is >= 1 and <= 1_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 1000000");
    } = 1024;
}
