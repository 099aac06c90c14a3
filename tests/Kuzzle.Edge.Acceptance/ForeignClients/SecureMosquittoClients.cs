using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Acceptance.Running;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Acceptance.ForeignClients;

/// <summary>Mosquitto's command-line clients over TLS, with certificates and with keys, and over a Unix domain socket.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SecureMosquittoClients : IDisposable
{
    private const string Key = "00112233445566778899aabbccddeeff";

    private readonly TestAuthority _authority = new();
    private readonly int _port = FreePort();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("tlsv1.2")]
    [InlineData("tlsv1.3")]
    public async Task A_message_passes_over_TLS(string version)
    {
        await using var edge = await StartAsync(new JsonObject { ["port"] = _port, ["host"] = "127.0.0.1", ["tls"] = WithServer() });

        await PassesAsync("-h", "localhost", "-p", $"{_port}", "--cafile", _authority.Trust, "--tls-version", version);
    }

    [Fact]
    public async Task A_client_without_a_certificate_stays_outside_where_one_is_required()
    {
        var tls = WithServer();
        tls["clientCertificates"] = "required";
        tls["trust"] = _authority.Trust;
        using var certificate = _authority.IssueClient("device-1");
        var (path, key) = _authority.WriteServer(certificate, "client");
        await using var edge = await StartAsync(new JsonObject { ["port"] = _port, ["host"] = "127.0.0.1", ["tls"] = tls });
        string[] connection = ["-h", "localhost", "-p", $"{_port}", "--cafile", _authority.Trust];

        var (refused, _) = await ForeignProgram.RunAsync("mosquitto_pub", [.. connection, "-t", "a", "-m", "b", "-q", "1"]);

        refused.ShouldNotBe(0);
        await PassesAsync([.. connection, "--cert", path, "--key", key]);
    }

    [Fact]
    public async Task A_client_that_knows_its_key_is_let_in_beside_those_with_certificates()
    {
        var tls = WithServer();
        tls["psk"] = _authority.Write("keys.psk", $"device-1:{Key}\n");
        await using var edge = await StartAsync(new JsonObject { ["port"] = _port, ["host"] = "127.0.0.1", ["tls"] = tls });
        string[] connection = ["-h", "127.0.0.1", "-p", $"{_port}", "--psk-identity", "device-1", "--psk"];

        var (refused, _) = await ForeignProgram.RunAsync("mosquitto_pub", [.. connection, "0000", "-t", "a", "-m", "b", "-q", "1"]);

        refused.ShouldNotBe(0);
        await PassesAsync([.. connection, Key]);
        await PassesAsync("-h", "localhost", "-p", $"{_port}", "--cafile", _authority.Trust);
    }

    [Fact]
    public async Task A_renewed_certificate_is_taken_without_a_restart()
    {
        await using var edge = await StartAsync(new JsonObject { ["port"] = _port, ["host"] = "127.0.0.1", ["tls"] = WithServer() });
        using var other = new TestAuthority("Another root");
        string[] connection = ["-h", "localhost", "-p", $"{_port}", "--cafile", other.Trust];
        (await ForeignProgram.RunAsync("mosquitto_pub", [.. connection, "-t", "a", "-m", "b"])).ExitCode.ShouldNotBe(0);

        using (var renewed = other.IssueServer())
        {
            var (path, key) = _authority.WriteServer(renewed, "next");
            File.Move(path, _authority.PathOf("server.pem"), overwrite: true);
            File.Move(key, _authority.PathOf("server.key"), overwrite: true);
        }

        await edge.ReconfigureAsync(_ => { });

        edge.Output.ShouldContain("TLS was renewed: CN=localhost");
        await PassesAsync(connection);
    }

    [Fact]
    public async Task A_message_passes_over_a_Unix_domain_socket()
    {
        var path = _authority.PathOf("mqtt.sock");
        await using var edge = await StartAsync(new JsonObject { ["path"] = path, ["mode"] = "600" });

        await PassesAsync("--unix", path);

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await edge.TerminateAsync()).ShouldBe(0);
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public async Task An_expired_certificate_stops_the_start_with_a_line_that_names_it()
    {
        using var expired = _authority.IssueServer("localhost", TestAuthority.Now.AddDays(-1));
        var (path, key) = _authority.WriteServer(expired);
        var file = _authority.Write(
            "kuzzlerc",
            new JsonObject
            {
                ["server"] = new JsonObject
                {
                    ["protocols"] = new JsonObject
                    {
                        ["mqtt"] = new JsonObject
                        {
                            ["listeners"] = new JsonArray(new JsonObject { ["port"] = _port, ["tls"] = new JsonObject { ["certificate"] = path, ["key"] = key } }),
                        },
                    },
                },
            }.ToJsonString());

        var (exitCode, output) = await ForeignProgram.RunAsync(RepositoryLayout.Binary, ["check", "--config", file]);

        exitCode.ShouldBe(78, output);
        output.ShouldContain($"server.protocols.mqtt.listeners[0].tls: {path} has expired on ");
    }

    private static async Task<EdgeProcess> StartAsync(JsonObject listener)
    {
        listener["profile"] = "open";
        listener["allowAnonymous"] = true;
        var edge = new EdgeProcess(configuration => configuration["server"]!["protocols"]!["mqtt"]!["listeners"]!.AsArray().Add(listener));
        await edge.StartAsync();
        return edge;
    }

    private JsonObject WithServer()
    {
        using X509Certificate2 certificate = _authority.IssueServer();
        var (path, key) = _authority.WriteServer(certificate);
        return new JsonObject { ["certificate"] = path, ["key"] = key };
    }

    /// <summary>A retained message is published and heard by another client that connects in the same way.</summary>
    private static async Task PassesAsync(params string[] connection)
    {
        var (published, complaint) = await ForeignProgram.RunAsync("mosquitto_pub", [.. connection, "-t", "plant/state", "-m", "running", "-q", "1", "-r"]);
        published.ShouldBe(0, complaint);

        var (heard, output) = await ForeignProgram.RunAsync("mosquitto_sub", [.. connection, "-t", "plant/#", "-q", "1", "-C", "1", "-W", "20"]);
        heard.ShouldBe(0, output);
        output.ShouldStartWith("running");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
