using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kuzzle.Edge.Listeners.Tls;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Listeners.Tests.Tls;

public sealed class TlsTransportTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12, 1)]
    [InlineData(SslProtocols.Tls12, 500_000)]
    [InlineData(SslProtocols.Tls13, 1)]
    [InlineData(SslProtocols.Tls13, 500_000)]
    public async Task What_is_sent_comes_back_whole(SslProtocols protocol, int length)
    {
        await using var server = new TlsServer(WithServer());
        await using var client = await server.ConnectAsync(protocol);

        (await TlsServer.EchoesAsync(client, length)).ShouldBeTrue();

        client.SslProtocol.ShouldBe(protocol);
        server.Peers.Single().Transport.ShouldBe(Broker.Listeners.MqttTransport.Tls);
        server.Peers.Single().RemoteEndPoint.ShouldBeOfType<IPEndPoint>();
    }

    [Fact]
    public async Task Older_protocols_are_refused()
    {
        await using var server = new TlsServer(WithServer());

#pragma warning disable SYSLIB0039, CA5397 // That they are obsolete is the point.
        await Should.ThrowAsync<Exception>(async () => await server.ConnectAsync(SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
        server.Peers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bytes_that_are_no_handshake_end_the_connection()
    {
        await using var server = new TlsServer(WithServer());
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);

        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: here\r\n\r\n"u8.ToArray());

        await UntilClosedAsync(client.GetStream());
        server.Log.At(LogLevel.Debug).ShouldContain(line => line.Contains("handshake failed", StringComparison.Ordinal));
        server.Log.At(LogLevel.Error).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_peer_is_told_when_no_more_comes()
    {
        await using var server = new TlsServer(WithServer());
        await using var client = await server.ConnectAsync();
        (await TlsServer.EchoesAsync(client)).ShouldBeTrue();

        await client.ShutdownAsync();

        (await client.ReadAsync(new byte[1]).AsTask().WaitAsync(TlsServer.Patience)).ShouldBe(0);
        await UntilAsync(() => server.ConnectionCount == 0);
    }

    [Theory]
    [InlineData("none", "optional", true)]
    [InlineData("none", "required", false)]
    [InlineData("good", "optional", true)]
    [InlineData("good", "required", true)]
    [InlineData("good", "none", true)]
    [InlineData("for anything", "required", true)]
    [InlineData("stranger's", "optional", false)]
    [InlineData("stranger's", "required", false)]
    [InlineData("expired", "required", false)]
    [InlineData("for servers", "required", false)]
    [InlineData("self-signed", "required", false)]
    public async Task A_client_certificate_must_be_what_the_listener_asks_for(string shown, string asked, bool isWelcome)
    {
        using var stranger = new TestAuthority("Test root"); // Of the same name, so that only the key tells them apart.
        using var certificate = shown switch
        {
            "good" => _authority.IssueClient("device-1"),
            "for anything" => _authority.IssueForAnything("device-1"),
            "stranger's" => stranger.IssueClient("device-1"),
            "expired" => _authority.IssueClient("device-1", TestAuthority.Now.AddMinutes(-1)),
            "for servers" => _authority.IssueMisused("device-1"),
            "self-signed" => stranger.Root,
            _ => null,
        };
        var clients = Enum.Parse<ClientCertificates>(asked, ignoreCase: true);
        await using var server = new TlsServer(WithServer() with { ClientCertificates = clients, Trust = clients == ClientCertificates.None ? null : _authority.Trust });

        (await IsWelcomeAsync(server, certificate)).ShouldBe(isWelcome);

        if (!isWelcome) server.Peers.ShouldBeEmpty();
        else server.Peers.Single().Certificate?.Subject.ShouldBe(shown == "none" || asked == "none" ? null : "CN=device-1");
        if (isWelcome) (server.Peers.Single().Certificate is null).ShouldBe(shown == "none" || asked == "none");
    }

    [Fact]
    public async Task Certificates_between_are_taken_from_the_client()
    {
        using var intermediate = _authority.IssueIntermediate("Plant 7");
        using var certificate = _authority.IssueClient("device-1", issuer: intermediate);
        await using var server = new TlsServer(WithServer() with { ClientCertificates = ClientCertificates.Required, Trust = _authority.Trust });

        (await IsWelcomeAsync(server, certificate)).ShouldBeFalse();
        (await IsWelcomeAsync(server, certificate, [intermediate])).ShouldBeTrue();
    }

    [Fact]
    public async Task A_certificate_that_is_left_to_the_profile_arrives_as_it_is_with_those_between_and_never_as_a_verified_one()
    {
        using var stranger = new TestAuthority();
        using var intermediate = stranger.IssueIntermediate("Plant 7");
        using var certificate = stranger.IssueClient("device-1", issuer: intermediate);
        await using var server = new TlsServer(WithServer() with { ClientCertificates = ClientCertificates.Unverified });

        (await IsWelcomeAsync(server, certificate, [intermediate])).ShouldBeTrue();
        (await IsWelcomeAsync(server, certificate: null)).ShouldBeTrue();

        server.Peers.TryDequeue(out var shown).ShouldBeTrue();
        shown!.UnverifiedCertificate!.Subject.ShouldBe("CN=device-1");
        shown.Intermediates.Select(sent => sent.Subject).ShouldBe(["CN=Plant 7"]);
        shown.Certificate.ShouldBeNull();
        server.Peers.TryDequeue(out var silent).ShouldBeTrue();
        silent!.UnverifiedCertificate.ShouldBeNull();
    }

    [Fact]
    public async Task Why_a_certificate_is_refused_is_in_the_log()
    {
        using var certificate = _authority.IssueClient("device-1", TestAuthority.Now.AddMinutes(-1));
        await using var server = new TlsServer(WithServer() with { ClientCertificates = ClientCertificates.Required, Trust = _authority.Trust });

        (await IsWelcomeAsync(server, certificate)).ShouldBeFalse();

        await UntilAsync(() => server.Log.At(LogLevel.Debug).Any(line =>
            line.Contains("The certificate of CN=device-1 is refused: NotTimeValid", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_chain_of_certificates_is_shown_whole()
    {
        using var intermediate = _authority.IssueIntermediate("Plant 7");
        using var leaf = _authority.IssueClient("localhost", issuer: intermediate);
        using var key = leaf.GetECDsaPrivateKey()!;
        var both = _authority.Write("both.pem", $"{leaf.ExportCertificatePem()}\n{intermediate.ExportCertificatePem()}\n{key.ExportECPrivateKeyPem()}\n");
        await using var server = new TlsServer(new TlsOptions { Certificate = both });
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, server.Port);
        string[] shown = [];
        await using var client = new System.Net.Security.SslStream(connection.GetStream(), leaveInnerStreamOpen: false, (_, _, chain, _) =>
        {
            shown = [.. chain!.ChainPolicy.ExtraStore.Select(certificate => certificate.Subject)];
            return true;
        });

        await client.AuthenticateAsClientAsync("localhost");

        shown.ShouldBe(["CN=localhost", "CN=Plant 7"]);
    }

    private TlsOptions WithServer()
    {
        using var certificate = _authority.IssueServer();
        var (path, key) = _authority.WriteServer(certificate);
        return new TlsOptions { Certificate = path, Key = key };
    }

    private static async Task<bool> IsWelcomeAsync(TlsServer server, X509Certificate2? certificate, X509Certificate2Collection? intermediates = null)
    {
        try
        {
            await using var client = await server.ConnectAsync(certificate: certificate, intermediates: intermediates);
            return await TlsServer.EchoesAsync(client);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            return false;
        }
    }

    private static async Task UntilClosedAsync(Stream stream)
    {
        var buffer = new byte[100];
        while (await stream.ReadAsync(buffer).AsTask().WaitAsync(TlsServer.Patience) > 0)
        {
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TlsServer.Patience);
        while (!condition()) await Task.Delay(10, patience.Token);
    }
}
