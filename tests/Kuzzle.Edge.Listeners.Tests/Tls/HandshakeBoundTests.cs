using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Listeners.Tls;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Listeners.Tests.Tls;

/// <summary>TLS in front of a broker: what holds for connections without CONNECT holds for handshakes.</summary>
public sealed class HandshakeBoundTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly byte[] Connect = [0x10, 0x0D, 0x00, 0x04, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 0x04, 0x02, 0x00, 0x3C, 0x00, 0x01, (byte)'c'];

    private readonly TestAuthority _authority = new();
    private readonly ListenerMetrics _metrics = new();
    private RenewedHandshake? _handshake;
    private MqttBroker? _broker;
    private TcpListenerTransport? _transport;

    [Theory]
    [InlineData("nothing")]
    [InlineData("half a hello")]
    [InlineData("a handshake without CONNECT")]
    public async Task A_peer_that_does_not_finish_is_dropped_when_its_time_is_over(string sent)
    {
        var port = Start(new MqttBrokerOptions { ConnectTimeout = TimeSpan.FromSeconds(2) });
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        if (sent == "half a hello") await stream.WriteAsync((byte[])[0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03]);
        if (sent == "a handshake without CONNECT") await Trusting(stream).AuthenticateAsClientAsync("localhost");

        var buffer = new byte[1000];
        while (await stream.ReadAsync(buffer).AsTask().WaitAsync(TlsServer.Patience) > 0)
        {
        }

        client.Close();
        await UntilNobodyIsLeftAsync();
    }

    [Fact]
    public async Task Handshakes_count_among_those_who_are_connecting()
    {
        var port = Start(new MqttBrokerOptions { MaxConnecting = 1 });
        using var slow = new TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, port);
        while (_transport!.ConnectionCount == 0) await Task.Delay(10);

        using var turnedAway = new TcpClient();
        await turnedAway.ConnectAsync(IPAddress.Loopback, port);
        (await turnedAway.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TlsServer.Patience)).ShouldBe(0);

        slow.Close();
        turnedAway.Close();
        await UntilNobodyIsLeftAsync();
        await using var welcome = await ConnectAsync(port);
        welcome.IsAuthenticated.ShouldBeTrue();
    }

    [Fact]
    public async Task Clients_that_are_connected_do_not_count()
    {
        var port = Start(new MqttBrokerOptions { MaxConnecting = 1 });

        await using var first = await ConnectAsync(port);
        await using var second = await ConnectAsync(port, clientId: (byte)'d');

        _transport!.ConnectionCount.ShouldBe(2);
    }

    [Fact]
    public async Task A_stop_says_goodbye()
    {
        var port = Start(new MqttBrokerOptions());
        await using var client = await ConnectAsync(port);

        await _broker!.StopAsync(CancellationToken.None).WaitAsync(TlsServer.Patience);

        (await client.ReadAsync(new byte[10]).AsTask().WaitAsync(TlsServer.Patience)).ShouldBe(0);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (_transport is not null) await _transport.DisposeAsync();
        if (_broker is not null) await _broker.DisposeAsync();
        _handshake?.Dispose();
        _metrics.Dispose();
        _authority.Dispose();
    }

    private int Start(MqttBrokerOptions options)
    {
        using var certificate = _authority.IssueServer();
        var (path, key) = _authority.WriteServer(certificate);
        _handshake = new RenewedHandshake(new TlsOptions { Certificate = path, Key = key }, [], TimeProvider.System, NullLogger.Instance);
        var broker = _broker = new MqttBroker(options, TimeProvider.System, NullLoggerFactory.Instance);
        _transport = new TcpListenerTransport(
            new IPEndPoint(IPAddress.Loopback, 0),
            async (pipes, remote, cancellationToken) =>
            {
                await using var tls = new TlsTransport(pipes, remote, _handshake, _metrics, TimeProvider.System, NullLogger.Instance);
                var serving = broker.ServeAsync(tls, new OpenProfile(AnonymousAccess.Allowed), cancellationToken);
                if (!serving.IsCompleted) tls.Start();
                await serving;
            },
            new TcpListenerOptions(),
            _metrics,
            TimeProvider.System,
            NullLogger.Instance);
        _transport.Start();
        return ((IPEndPoint)_transport.EndPoint).Port;
    }

    private static SslStream Trusting(Stream stream) => new(stream, leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);

    private static async Task<SslStream> ConnectAsync(int port, byte clientId = (byte)'c')
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        var tls = Trusting(client.GetStream());
        await tls.AuthenticateAsClientAsync("localhost").WaitAsync(TlsServer.Patience);
        await tls.WriteAsync((byte[])[.. Connect[..^1], clientId]);
        var connack = new byte[4];
        await tls.ReadExactlyAsync(connack).AsTask().WaitAsync(TlsServer.Patience);
        connack.ShouldBe([0x20, 0x02, 0x00, 0x00]);
        return tls;
    }

    private async Task UntilNobodyIsLeftAsync()
    {
        using var patience = new CancellationTokenSource(TlsServer.Patience);
        while (_transport!.ConnectionCount > 0) await Task.Delay(10, patience.Token);
    }
}
