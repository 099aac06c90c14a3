using System.Net;
using Kuzzle.Edge.Broker.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>
/// MQTT over WebSocket, on its own path. Frames are a stream of bytes: where they begin and end means nothing. [MQTT-6.0.0-2] The time and the number that the broker
/// allows to connections without CONNECT hold here, too.
/// </summary>
internal sealed class MqttWebSockets(MqttOverWebSocket mqtt, TimeSpan idleTimeout, TimeProvider clock, ILogger logger)
{
    /// <summary>Where browsers look for it.</summary>
    public const string Path = "/mqtt";

    // What IANA knows: 3.1.1 and 5.0 have the first, 3.1 had the second.
    private static readonly string[] Subprotocols = ["mqtt", "mqttv3.1"];

    private volatile bool _stopping;

    /// <summary>Whether a request for a WebSocket is for MQTT.</summary>
    public static bool Takes(HttpRequest request) => request.Path.Equals(Path, StringComparison.Ordinal);

    /// <summary>From now on no more connections are taken. Those that there are end with the broker.</summary>
    public void BeginStop() => _stopping = true;

    /// <summary>Serves one connection to its end.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (_stopping)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "The gateway is shutting down.\n");
            return;
        }

        var offered = context.WebSockets.WebSocketRequestedProtocols;
        var subprotocol = offered.FirstOrDefault(name => Subprotocols.Contains(name, StringComparer.Ordinal));
        if (subprotocol is null && offered.Count > 0)
        {
            await RefuseAsync(
                context, StatusCodes.Status400BadRequest, "Here is MQTT over WebSocket. Offer the subprotocol \"mqtt\" (or \"mqttv3.1\"), which was not among those that were offered.\n");
            return;
        }

        // A client that offers none breaks the standard [MQTT-6.0.0-3] and harms nobody: simple clients leave it out, and what follows tells MQTT from anything else.
        var half = idleTimeout / 2;
        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { SubProtocol = subprotocol, KeepAliveInterval = half, KeepAliveTimeout = half });
        await using var transport = new MqttWebSocketTransport(socket, context.Abort, clock, logger);
        var serving = mqtt.Broker.ServeAsync(transport, PeerOf(context), mqtt.Profile, context.RequestAborted);
        if (!serving.IsCompleted) transport.Start(); // Else the broker has turned it away.
        await serving;
        transport.IsStopping = _stopping;
    }

    private static MqttPeer PeerOf(HttpContext context)
    {
        var connection = context.Connection;
        return new MqttPeer(
            context.Request.IsHttps ? MqttTransport.SecureWebSocket : MqttTransport.WebSocket,
            connection.RemoteIpAddress is { } address ? new IPEndPoint(address, connection.RemotePort) : null);
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason, context.RequestAborted);
    }
}
