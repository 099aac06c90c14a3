using System.Collections.Concurrent;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Protocols.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>Kuzzle's WebSocket protocol: takes connections in, knows those that are open, and ends them in order.</summary>
internal sealed class WebSocketProtocol(WebSocketLimits limits, Entrance entrance, WebSocketNotificationSink sink, ILogger logger)
{
    /// <summary>The name of the protocol in the API and in notifications.</summary>
    public const string Name = "websocket";

    private readonly ConcurrentDictionary<WebSocketSession, bool> _sessions = new();
    private volatile bool _stopping;

    /// <summary>Serves one connection to its end.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        var half = limits.Options.IdleTimeout / 2;
        var handshake = new WebSocketAcceptContext { KeepAliveInterval = half, KeepAliveTimeout = half };
        using var socket = await context.WebSockets.AcceptWebSocketAsync(handshake);

        var connection = new ClientConnection(Name, context.Connection.RemoteIpAddress?.ToString());
        using var session = new WebSocketSession(socket, connection, entrance, limits, logger);
        sink.Add(connection, session.Sender);
        entrance.Connect(connection);
        _sessions.TryAdd(session, true);
        try
        {
            // Asked after the session was made known: either this sees the stop, or the stop sees the session.
            await (_stopping ? session.StopAsync(CancellationToken.None) : Task.CompletedTask);
            await session.RunAsync(context.Abort);
        }
        finally
        {
            _sessions.TryRemove(session, out _);
            sink.Remove(connection);
            entrance.Disconnect(connection);
        }
    }

    /// <summary>Lets each connection finish its requests, says good-bye to all.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        return Task.WhenAll(_sessions.Keys.Select(session => session.StopAsync(cancellationToken)));
    }
}
