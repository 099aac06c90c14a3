using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Listeners.Psk;
using Kuzzle.Edge.Listeners.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Listeners.Tests.Tls;

/// <summary>A TLS port of the loopback that sends back what it gets, and remembers who was there.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpListenerTransport _transport;

    public TlsServer(TlsOptions options, IReadOnlyList<IPskKeys>? registries = null)
    {
        Handshake = new RenewedHandshake(options, registries ?? [], TimeProvider.System, Log);
        _transport = new TcpListenerTransport(
            new IPEndPoint(IPAddress.Loopback, 0), ServeAsync, new TcpListenerOptions(), Metrics, TimeProvider.System, NullLogger.Instance);
        _transport.Start();
    }

    public RecordingLogger Log { get; } = new();

    public ListenerMetrics Metrics { get; } = new();

    public RenewedHandshake Handshake { get; }

    public int Port => ((IPEndPoint)_transport.EndPoint).Port;

    public int ConnectionCount => _transport.ConnectionCount;

    /// <summary>Who has sent something.</summary>
    public ConcurrentQueue<MqttPeer> Peers { get; } = new();

    public async Task<SslStream> ConnectAsync(
        SslProtocols protocols = SslProtocols.None, X509Certificate2? certificate = null, X509Certificate2Collection? intermediates = null)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, intermediates, offline: true),
        };
        try
        {
            await tls.AuthenticateAsClientAsync(options).WaitAsync(Patience);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether what is sent comes back; with TLS 1.3 a client learns only then that it was refused.</summary>
    public static async Task<bool> EchoesAsync(Stream stream, int length = 1)
    {
        var sent = new byte[length];
        new Random(length).NextBytes(sent);
        var received = new byte[length];
        try
        {
            var sending = stream.WriteAsync(sent).AsTask();
            await stream.ReadExactlyAsync(received).AsTask().WaitAsync(Patience);
            await sending;
        }
        catch (Exception failure) when (failure is IOException or EndOfStreamException)
        {
            return false;
        }

        received.AsSpan().SequenceEqual(sent).ShouldBeTrue();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        Handshake.Dispose();
        Metrics.Dispose();
    }

    private async Task ServeAsync(System.IO.Pipelines.IDuplexPipe pipes, EndPoint? remote, CancellationToken cancellationToken)
    {
        await using var tls = new TlsTransport(pipes, remote, Handshake, Metrics, TimeProvider.System, Log);
        tls.Start();
        var isFirst = true;
        while (true)
        {
            var read = await tls.Input.ReadAsync(cancellationToken);
            if (isFirst && !read.Buffer.IsEmpty) Peers.Enqueue(tls.Peer);
            isFirst = isFirst && read.Buffer.IsEmpty;
            foreach (var segment in read.Buffer) tls.Output.Write(segment.Span);
            tls.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || (await tls.Output.FlushAsync(cancellationToken)).IsCompleted) break;
        }

        await tls.Output.CompleteAsync();
    }
}
