using System.Net;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Protocols.Http;
using Kuzzle.Edge.Protocols.WebSocket;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>HTTP, WebSocket, and what holds for every protocol.</summary>
internal static class ServerSettings
{
    private static readonly HttpOptions Http = new();
    private static readonly KuzzleWebSocketOptions WebSocket = new();

    public static readonly Setting<IPAddress> Host = new("server.host", Types.Address, Http.Address, "The address on which HTTP and WebSocket listen.");

    public static readonly Setting<int> Port = new("server.port", Types.Port, Http.Port, "The port of HTTP and WebSocket; 0 lets the system choose one.");

    public static readonly Setting<long> MaxRequestSize = new(
        "server.maxRequestSize", Types.Bytes(1, 1 << 28), Http.MaxRequestBytes, "The largest request, on every protocol.");

    public static readonly Setting<int> MaxConnections = new(
        "server.maxConnections", Types.Integer(1, 1_000_000), Http.MaxConnections, "How many HTTP connections, and apart from them how many WebSockets, may be open.");

    public static readonly Setting<bool> HttpEnabled = new("server.protocols.http.enabled", Types.Flag, Http.Enabled, "Whether HTTP requests are answered.");

    public static readonly Setting<long> MaxImportSize = new(
        "server.protocols.http.maxImportSize", Types.Bytes(1, 1L << 40), Http.MaxImportBytes, "The largest bulk:import over HTTP, which is stored while it comes.");

    public static readonly Setting<IReadOnlyList<string>> AllowedOrigins = new(
        "http.accessControlAllowOrigin",
        new ListType<string>("a list of origins such as \"https://console.example\", or [\"*\"]", Types.Text),
        Http.AllowedOrigins,
        "Which web pages may use the API.");

    public static readonly Setting<bool> WebSocketEnabled = new("server.protocols.websocket.enabled", Types.Flag, WebSocket.Enabled, "Whether WebSockets are accepted.");

    public static readonly Setting<TimeSpan> WebSocketIdleTimeout = new(
        "server.protocols.websocket.idleTimeout",
        Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        WebSocket.IdleTimeout,
        "A WebSocket without a sign of life for so long is closed.");

    public static readonly Setting<int> WebSocketRateLimit = new(
        "server.protocols.websocket.rateLimit", Types.Integer(0, 1_000_000), WebSocket.RateLimit, "Messages per second and WebSocket; 0: no limit.");

    public static IReadOnlyList<Setting> All { get; } =
        [Host, Port, MaxRequestSize, MaxConnections, HttpEnabled, MaxImportSize, AllowedOrigins, WebSocketEnabled, WebSocketIdleTimeout, WebSocketRateLimit];
}
