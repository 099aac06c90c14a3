using System.Net.Sockets;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Listeners.Tls;
using Kuzzle.Edge.Protocols.Drogue;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Tests.Configuration;

public sealed class ListenerTests : IDisposable
{
    private const string Listener = "server.protocols.mqtt.listeners[0]";

    private readonly ConfigurationFolder _folder = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public void A_listener_with_TLS_names_its_files()
    {
        using var certificate = _authority.IssueServer();
        var (path, key) = _authority.WriteServer(certificate);
        var psk = _authority.Write("keys.psk", "device-1:00ff");

        var listener = Read($$"""
            { "port": 8883, "maxConnectionsPerSecond": 50,
              "tls": { "certificate": "{{path}}", "key": "{{key}}", "clientCertificates": "required", "trust": "{{_authority.Trust}}", "psk": "{{psk}}" } }
            """);

        listener.Tls.ShouldBe(new TlsOptions { Certificate = path, Key = key, ClientCertificates = ClientCertificates.Required, Trust = _authority.Trust, Psk = psk });
        listener.Bounds.MaxConnectionsPerSecond.ShouldBe(50);
    }

    [Fact]
    public void A_listener_of_devices_leaves_their_certificates_to_the_registry()
    {
        using var certificate = _authority.IssueServer();
        var (path, key) = _authority.WriteServer(certificate);

        var listener = Read($$"""{ "port": 8884, "profile": "drogue", "tls": { "certificate": "{{path}}", "key": "{{key}}" } }""");

        listener.Profile.ShouldBe(ListenerProfile.Drogue);
        listener.Tls.ShouldBe(new TlsOptions { Certificate = path, Key = key, ClientCertificates = ClientCertificates.Unverified });
    }

    [Fact]
    public void The_device_endpoint_has_settings_of_its_own()
    {
        _folder.WithFile("""{ "server": { "protocols": { "mqtt": { "drogue": { "rejectV311": "ack", "maxPacketSize": "64KB", "connectTimeout": "5s", "commandBuffer": 8 } } } } }""");

        _folder.Read().Drogue.ShouldBe(new DrogueOptions
        {
            RejectV311 = RejectionV311.Acknowledge,
            Limits = new DialectLimits { MaxPacketBytes = 64 * 1024, ConnectTimeout = TimeSpan.FromSeconds(5) },
            CommandBuffer = 8,
        });
    }

    [Theory]
    [InlineData("600", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("0602", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite)]
    [InlineData("000", UnixFileMode.None)]
    public void A_listener_may_be_a_Unix_domain_socket(string mode, UnixFileMode expected)
    {
        var listener = Read($$"""{ "path": "/run/mqtt.sock", "mode": "{{mode}}" }""");

        listener.EndPoint.ShouldBeOfType<UnixDomainSocketEndPoint>().ToString().ShouldBe("/run/mqtt.sock");
        listener.Bounds.SocketMode.ShouldBe(expected);
        listener.Profile.ShouldBe(ListenerProfile.Kuzzle);
    }

    [Theory]
    [InlineData("""{ "enabled": false }""", null)]
    [InlineData("""{ }""", "Kuzzle")]
    [InlineData("""{ "profile": "open", "allowAnonymous": true }""", "Open")]
    public void MQTT_over_WebSocket_has_its_own_rules(string webSocket, string? profile)
    {
        _folder.WithFile($$"""{ "server": { "protocols": { "mqtt": { "websocket": {{webSocket}} } } } }""");

        _folder.Read().MqttWebSocket?.Profile.ToString().ShouldBe(profile);
    }

    [Fact]
    public void A_password_is_in_no_message()
    {
        _folder.WithFile(WithListener("""{ "port": 8883, "tls": { "pfx": "/absent", "pfxPassword": ["hush"], "keyPassword": "hush" } }"""));

        var faults = _folder.Faults();

        faults.ShouldContain($"named:1: {Listener}.tls.pfxPassword must be text, not what is written there");
        faults.ShouldAllBe(fault => !fault.Contains("hush", StringComparison.Ordinal));
        new TlsOptions { Pfx = "a", PfxPassword = "hush", KeyPassword = "hush" }.ToString().ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("""{ }""", $"{Listener} needs \"port\" (or, for a Unix domain socket, \"path\")")]
    [InlineData("""{ "port": 1, "path": "/run/a" }""", $"{Listener} needs either \"port\" or \"path\", not both")]
    [InlineData("""{ "path": "run/a" }""", $"{Listener}.path must be an absolute path of at most 107 bytes, not the text \"run/a\"")]
    [InlineData("""{ "path": "/run/a", "mode": "888" }""", $"{Listener}.mode must be three octal digits as text, such as \"660\", not the text \"888\"")]
    [InlineData("""{ "path": "/run/a", "mode": 660 }""", $"{Listener}.mode must be three octal digits as text, such as \"660\", not 660")]
    [InlineData("""{ "path": "/run/a", "mode": "7777" }""", $"{Listener}.mode must be three octal digits as text, such as \"660\", not the text \"7777\"")]
    [InlineData("""{ "path": "/run/a", "host": "localhost" }""", $"{Listener}.host is for ports; this listener has a path")]
    [InlineData("""{ "path": "/run/a", "tls": { "psk": "/absent" } }""", $"{Listener}.tls is for ports; this listener has a path")]
    [InlineData("""{ "port": 1, "mode": "600" }""", $"{Listener}.mode is for Unix domain sockets; this listener has a port")]
    [InlineData("""{ "path": "/run/a" }, { "path": "/run/a" }""", "server.protocols.mqtt.listeners[1].path is /run/a, which is already the path of server.protocols.mqtt.listeners[0].path")]
    [InlineData("""{ "port": 1, "tls": { } }""", $"{Listener}.tls needs \"certificate\", \"pfx\" or \"psk\": without one, no client can begin")]
    [InlineData("""{ "port": 1, "tls": { "certificate": "/a", "pfx": "/b" } }""", $"{Listener}.tls.pfx cannot stand beside \"certificate\": a listener shows one")]
    [InlineData("""{ "port": 1, "tls": { "psk": "/a", "key": "/b" } }""", $"{Listener}.tls.key means nothing without \"certificate\"")]
    [InlineData("""{ "port": 1, "tls": { "certificate": "/a", "trust": "/b" } }""", $"{Listener}.tls.trust means nothing while {Listener}.tls.clientCertificates is \"none\"")]
    [InlineData(
        """{ "port": 1, "tls": { "certificate": "/a", "clientCertificates": "optional" } }""",
        $"{Listener}.tls.clientCertificates needs \"trust\": the roots that clients' certificates must come from")]
    [InlineData(
        """{ "port": 1, "tls": { "psk": "/a", "clientCertificates": "required", "trust": "/b" } }""",
        $"{Listener}.tls.clientCertificates needs \"certificate\" or \"pfx\": the server shows its own first")]
    [InlineData("""{ "port": 1, "tls": { "certificate": "/absent.pem" } }""", $"{Listener}.tls: /absent.pem does not exist")]
    [InlineData("""{ "port": 1, "tls": { "psk": "/absent.psk" } }""", $"{Listener}.tls: /absent.psk does not exist")]
    [InlineData("""{ "port": 1, "tls": { "certificate": "/a", "clientCertificates": "registry" } }""", $"{Listener}.tls.clientCertificates can be \"registry\" on drogue listeners only: on others nobody would judge the certificates")]
    [InlineData("""{ "port": 1, "profile": "drogue", "allowAnonymous": true }""", $"{Listener}.allowAnonymous is for open listeners; on a drogue listener the registry of devices decides")]
    [InlineData(
        """{ "port": 1, "profile": "drogue", "tls": { "certificate": "/a", "psk": "/b" } }""",
        $"{Listener}.tls.psk is not for a drogue listener: the keys of devices are in their registry, and need no setting")]
    [InlineData(
        """{ "port": 1, "profile": "drogue", "tls": { "certificate": "/a", "trust": "/b" } }""",
        $"{Listener}.tls.trust means nothing on a drogue listener unless {Listener}.tls.clientCertificates is \"optional\" or \"required\"")]
    [InlineData("""{ "port": 1, "maxConnectionsPerSecond": 0 }""", $"{Listener}.maxConnectionsPerSecond must be a whole number from 1 to 1000000, not 0")]
    public void A_fault_is_named_with_its_place_and_what_would_be_right(string listener, string fault)
    {
        _folder.WithFile(WithListener(listener));

        _folder.Faults().ShouldBe([$"named:1: {fault}"]);
    }

    [Fact]
    public void A_certificate_that_has_expired_stops_the_start_with_its_name_and_date()
    {
        using var certificate = _authority.IssueServer("localhost", TestAuthority.Now.AddDays(-1));
        var (path, key) = _authority.WriteServer(certificate);
        _folder.WithFile(WithListener($$"""{ "port": 8883, "tls": { "certificate": "{{path}}", "key": "{{key}}" } }"""));

        _folder.Faults().ShouldHaveSingleItem().ShouldStartWith($"named:1: {Listener}.tls: {path} has expired on ");
    }

    private MqttListener Read(string listener)
    {
        _folder.WithFile(WithListener(listener));
        return _folder.Read().MqttListeners[1];
    }

    private static string WithListener(string listener) => $$"""{ "server": { "protocols": { "mqtt": { "listeners": [ {{listener.ReplaceLineEndings(" ")}} ] } } } }""";
}
