using System.Net;
using System.Security.Authentication;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>How connections to one upstream are opened: its address, and what TLS shows and accepts. The files of the settings are read when it is made.</summary>
internal sealed class UpstreamDoor : IDisposable
{
    private readonly UpstreamOptions _options;
    private readonly PeerCertificate _peer;
    private readonly SocketsHttpHandler _sockets;

    /// <exception cref="LinkBrokenException">A file of the settings is of no use.</exception>
    public UpstreamDoor(UpstreamOptions options, TimeProvider clock)
    {
        _options = options;
        _peer = new PeerCertificate(options.Tls.Trust, options.Tls.ServerName ?? options.Url.IdnHost, clock);
        _sockets = new SocketsHttpHandler
        {
            SslOptions = options.Tls.Load(_peer),
            ConnectTimeout = options.RequestTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AutomaticDecompression = options.Compression ? DecompressionMethods.GZip | DecompressionMethods.Deflate : DecompressionMethods.None,
        };
        Handler = new HttpMessageInvoker(_sockets, disposeHandler: true);
    }

    /// <summary>Opens the connections.</summary>
    public HttpMessageInvoker Handler { get; }

    /// <summary>What must stand in the Host header, and is the name that TLS asks for; null: the address says it.</summary>
    public string? Host => _options.Tls.ServerName is not { } name ? null : _options.Url.IsDefaultPort ? name : $"{name}:{_options.Url.Port}";

    /// <summary>Why nothing came of an attempt, as a sentence for the operator.</summary>
    public string Explain(Exception failure)
    {
        var why = failure.GetBaseException().Message;
        if (_peer.Complaint is { } complaint) return $"{_options.Url} cannot be trusted. {complaint}";
        if (!IsHandshake(failure)) return $"{_options.Url} cannot be reached: {why}";

        return _options.Tls.Certificate is { } shown
            ? $"{_options.Url} breaks the TLS handshake off; perhaps it does not accept the certificate in {shown}. {why}"
            : $"{_options.Url} breaks the TLS handshake off; perhaps it wants a certificate of this box (tls.certificate). {why}";
    }

    /// <inheritdoc/>
    public void Dispose() => Handler.Dispose();

    /// <summary>A server that wants another certificate says so within the handshake or, in TLS 1.3, as soon as something is read.</summary>
    private bool IsHandshake(Exception failure)
    {
        if (_options.Url.Scheme is not ("wss" or "https")) return false;

        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            // With TLS 1.3 it has shaken hands before it judges, and hangs up.
            if (cause is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } || cause.Message.Contains("SSL", StringComparison.Ordinal) || cause.Message.Contains("TLS", StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
