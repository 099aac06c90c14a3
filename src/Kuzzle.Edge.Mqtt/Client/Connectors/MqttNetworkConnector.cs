using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace Kuzzle.Edge.Mqtt.Client.Connectors;

/// <summary>
/// Connects over the network, by the scheme of the address: <c>mqtt</c> (TCP, port 1883), <c>mqtts</c> (TLS, port 8883), <c>ws</c> and <c>wss</c> (WebSocket with the
/// subprotocol <c>mqtt</c>). [MQTT-6.0.0-3] [MQTT-6.0.0-4] [MQTT5-6.0.0-3]
/// </summary>
public sealed class MqttNetworkConnector : IMqttConnector
{
    private readonly Uri _url;
    private readonly SslClientAuthenticationOptions _tls;

    /// <summary>Connects to a server.</summary>
    /// <param name="url">Its address. User and password in it are not used.</param>
    /// <param name="tls">What the server's certificate is checked against, and the client's own. Null for the system's authorities; the host's name is checked in any case.</param>
    /// <exception cref="ArgumentException">The scheme is another one, or there is no host.</exception>
    public MqttNetworkConnector(Uri url, SslClientAuthenticationOptions? tls = null)
    {
        if (!IsSupported(url)) throw new ArgumentException($"'{url}' is no address of the form mqtt://, mqtts://, ws:// or wss:// with a host.", nameof(url));

        _url = url;
        _tls = tls ?? new SslClientAuthenticationOptions();
        _tls.TargetHost ??= url.DnsSafeHost;
    }

    /// <summary>Whether there is a connector for this address.</summary>
    public static bool IsSupported(Uri url) => url is { IsAbsoluteUri: true, Scheme: "mqtt" or "mqtts" or "ws" or "wss", Host.Length: > 0 };

    /// <inheritdoc/>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _url.Scheme is "ws" or "wss"
                ? await OpenWebSocketAsync(cancellationToken).ConfigureAwait(false)
                : await OpenTcpAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or WebSocketException or AuthenticationException or IOException)
        {
            throw new IOException($"{_url.Host} cannot be reached: {Innermost(failure).Message}", failure);
        }
    }

    private async Task<Stream> OpenTcpAsync(CancellationToken cancellationToken)
    {
        var isTls = _url.Scheme == "mqtts";
        var port = _url.IsDefaultPort || _url.Port < 0 ? isTls ? 8883 : 1883 : _url.Port;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_url.DnsSafeHost, port, cancellationToken).ConfigureAwait(false);
            var network = new NetworkStream(socket, ownsSocket: true);
            if (!isTls) return network;

            var secured = new SslStream(network, leaveInnerStreamOpen: false);
            await secured.AuthenticateAsClientAsync(_tls, cancellationToken).ConfigureAwait(false);
            return secured;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<Stream> OpenWebSocketAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol("mqtt");
            using var http = new SocketsHttpHandler { SslOptions = _tls, UseProxy = false, AllowAutoRedirect = false };
            using var invoker = new HttpMessageInvoker(http, disposeHandler: false);
            await socket.ConnectAsync(_url, invoker, cancellationToken).ConfigureAwait(false);
            if (socket.SubProtocol != "mqtt") throw new WebSocketException(WebSocketError.UnsupportedProtocol, "The server does not speak MQTT over its WebSocket. [MQTT-6.0.0-4]");

            return WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner) failure = inner;
        return failure;
    }
}
