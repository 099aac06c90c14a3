using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Protocols.Realtime;
using Kuzzle.Edge.Protocols.Requests;
using Kuzzle.Edge.Protocols.WebSocket;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>
/// The HTTP port: requests and WebSockets, through the one API. Started once, stopped once, then disposed.
/// </summary>
/// <remarks>
/// Kestrel is used bare, without a host, a container or middleware: measured as a trimmed program, this idles 6 MB below the smallest application
/// builder, takes no signal away from the process, and does not run into the trimmer's trap of builders without an HTTPS endpoint.
/// </remarks>
public sealed partial class HttpEndpoint : IAsyncDisposable
{
    /// <summary>Longer than the pauses of a page that polls; an idle connection holds one of <see cref="HttpOptions.MaxConnections"/>.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(2);

    /// <summary>A request line and headers fit into a few packets: over the worst of radio links they take two seconds.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Half of what the slowest modem did, after a grace in which a link may be lost and found again.</summary>
    private static readonly MinDataRate SlowestClient = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));

    /// <summary>A search in a query string may be long; beyond this it belongs into a body.</summary>
    private const int MaxRequestLineBytes = 16 * 1024;

    private const int MaxHeaderBytes = 32 * 1024;

    private readonly HttpOptions _options;
    private readonly ILogger _logger;
    private readonly Meter _meter = new("Kuzzle.Edge.Protocols.Http");
    private readonly KestrelServer _server;
    private readonly CrossOrigin _crossOrigin;
    private readonly HttpRequests _requests;
    private readonly WebSocketProtocol _webSockets;
    private readonly MqttWebSockets? _mqtt;
    private readonly InFlightGate _allRequests;
    private readonly BareApplication _application;
    private ListenOptions? _listener;

    /// <summary>Prepares the endpoint and makes itself known to the API as the way to WebSocket clients. Opens nothing yet.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="api">Who answers.</param>
    /// <param name="liveChannels">Who is told of what.</param>
    /// <param name="mqtt">MQTT over WebSocket on the same port, or null for none.</param>
    /// <param name="clock">Time for timeouts.</param>
    /// <param name="loggers">Where it logs.</param>
    public HttpEndpoint(HttpOptions options, KuzzleApi api, LiveChannels liveChannels, MqttOverWebSocket? mqtt, TimeProvider clock, ILoggerFactory loggers)
    {
        _options = options;
        _logger = loggers.CreateLogger<HttpEndpoint>();
        var entrance = new Entrance(api, clock, _logger);
        _crossOrigin = new CrossOrigin(options.AllowedOrigins);
        _allRequests = new InFlightGate(int.MaxValue, options.MaxTotalBytesInFlight);
        _requests = new HttpRequests(options, _crossOrigin, entrance, _allRequests);

        var sink = new WebSocketNotificationSink(liveChannels);
        api.AddSink(WebSocketProtocol.Name, sink);
        var slowClients = _meter.CreateCounter<long>("kuzzle_edge.websocket.slow_clients", description: "WebSockets cut off because they did not read.");
        _webSockets = new WebSocketProtocol(new WebSocketLimits(options.WebSocket, options.MaxRequestBytes, _allRequests, clock, slowClients), entrance, sink, _logger);

        if (mqtt is not null) _mqtt = new MqttWebSockets(mqtt, options.WebSocket.IdleTimeout, clock, _logger);

        var handshake = new WebSocketMiddleware(HandleAsync, Options.Create(new WebSocketOptions()), loggers);
        _application = new BareApplication(handshake.Invoke, _logger);
        _server = CreateServer(loggers);
    }

    /// <summary>Where it listens; the port is the one the system chose when 0 was asked for. Before <see cref="StartAsync(CancellationToken)"/>: what was asked for.</summary>
    public IPEndPoint EndPoint => _listener?.IPEndPoint ?? new IPEndPoint(_options.Address, _options.Port);

    /// <summary>Opens the port. Fails with <see cref="ListenException"/> when that is impossible, for instance because another program has it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync(_application, cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new ListenException(EndPoint, "the port is in use by another program", e);
        }
        catch (SocketException e)
        {
            throw new ListenException(EndPoint, e.Message, e);
        }

        LogListening(EndPoint);
    }

    /// <summary>
    /// Accepts nothing more, lets requests under way finish, closes the WebSockets with status 1001, and returns when all are gone. Those with MQTT go when the broker
    /// stops, which is for somebody else to bring about. When the token is cancelled, what is left is cut off.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _requests.BeginStop();
        _mqtt?.BeginStop();
        await Task.WhenAll(_webSockets.StopAsync(cancellationToken), _server.StopAsync(cancellationToken));
    }

    /// <summary>Waits until no request is under way.</summary>
    public Task WhenAnsweredAsync(CancellationToken cancellationToken) => _allRequests.WhenEmptyAsync(cancellationToken);

    /// <summary>Frees what <see cref="StopAsync"/> left; cuts off what is still open.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        _meter.Dispose();
    }

    private KestrelServer CreateServer(ILoggerFactory loggers)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = _options.MaxConnections;
        options.Limits.MaxConcurrentUpgradedConnections = _options.MaxConnections;
        options.Limits.MaxRequestBodySize = null; // Ours is answered with Kuzzle's error; Kestrel's would have none.

        // A connection costs nothing while it is quiet, and SDKs ask again within seconds; one that sends a request a byte at a time, or reads its answer so, is given up.
        options.Limits.KeepAliveTimeout = KeepAlive;
        options.Limits.RequestHeadersTimeout = HeadersTimeout;
        options.Limits.MinRequestBodyDataRate = SlowestClient;
        options.Limits.MinResponseDataRate = SlowestClient;
        options.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        options.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        options.Listen(_options.Address, _options.Port, listener =>
        {
            listener.Protocols = HttpProtocols.Http1;
            _listener = listener;
        });

        return new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
    }

    /// <summary>Kuzzle speaks its WebSocket protocol on every path; a protocol with a path of its own takes it before.</summary>
    private Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !_crossOrigin.Allows(context.Request)) return _requests.AnswerAsync(context);
        if (_mqtt is not null && MqttWebSockets.Takes(context.Request)) return _mqtt.ServeAsync(context);

        return _options.WebSocket.Enabled ? _webSockets.ServeAsync(context) : _requests.AnswerAsync(context);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "HTTP and WebSocket clients are served on {EndPoint}.")]
    private partial void LogListening(IPEndPoint endPoint);
}
