using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Kuzzle.Edge.Sync.Tests.Connections;

/// <summary>What ends TLS before an upstream, as a reverse proxy does.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly int _target;
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2? _clientRoot;
    private readonly Task _accepting;

    /// <param name="target">The port behind it.</param>
    /// <param name="certificate">What it shows.</param>
    /// <param name="clientRoot">Where clients' certificates must come from; null: it asks for none.</param>
    public TlsFront(int target, X509Certificate2 certificate, X509Certificate2? clientRoot = null)
    {
        _target = target;
        _certificate = certificate;
        _clientRoot = clientRoot;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The names that clients asked for.</summary>
    public ConcurrentQueue<string> Names { get; } = new();

    /// <summary>Who the clients were by their certificates.</summary>
    public ConcurrentQueue<string> Clients { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var target = new TcpClient())
        {
            try
            {
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(
                    (_, hello, _, _) =>
                    {
                        Names.Enqueue(hello.ServerName);
                        return ValueTask.FromResult(Options());
                    },
                    state: null,
                    _stop.Token);
                if (tls.RemoteCertificate is { } shown) Clients.Enqueue(shown.Subject);
                await target.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), _stop.Token);
                await Task.WhenAny(tls.CopyToAsync(target.GetStream(), _stop.Token), target.GetStream().CopyToAsync(tls, _stop.Token));
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or AuthenticationException or SocketException)
            {
                // One of the sides did not like the other, or is gone; the client's side of it is what the test looks at.
            }
        }
    }

    private SslServerAuthenticationOptions Options()
    {
        var options = new SslServerAuthenticationOptions { ServerCertificate = _certificate, ClientCertificateRequired = _clientRoot is not null };
        if (_clientRoot is null) return options;

        options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { _clientRoot } };
        options.RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificate is not null && errors == SslPolicyErrors.None;
        return options;
    }
}
