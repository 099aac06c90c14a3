using System.Diagnostics;
using System.Net.Security;
using Kuzzle.Edge.Listeners.Psk;
using Kuzzle.Edge.Listeners.Tests.Tls;
using Kuzzle.Edge.Listeners.Tls;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Listeners.Tests.Psk;

/// <summary>With the command-line client of OpenSSL at the other end.</summary>
public sealed class PskTests : IDisposable
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("PSK-AES128-GCM-SHA256")]
    [InlineData("PSK-AES256-GCM-SHA384")]
    [InlineData("PSK-CHACHA20-POLY1305")]
    [InlineData("PSK-AES128-CCM")]
    [InlineData("PSK-AES128-CBC-SHA256")]
    [InlineData("ECDHE-PSK-CHACHA20-POLY1305")]
    [InlineData("ECDHE-PSK-AES128-CBC-SHA256")]
    public async Task A_client_that_knows_its_key_is_let_in(string cipher)
    {
        await using var server = new TlsServer(new TlsOptions { Psk = Keys($"# a comment\n\nother:00\ndevice-1:{Key}\n") });

        var said = await AskAsync(server, "device-1", Key, cipher);

        said.ShouldContain("hello over PSK");
        server.Peers.Single().PskIdentity.ShouldBe("device-1");
        server.Peers.Single().Certificate.ShouldBeNull();
    }

    [Theory]
    [InlineData("device-1", "ffffffffffffffffffffffffffffffff")]
    [InlineData("device-2", Key)]
    [InlineData("", Key)]
    public async Task A_client_that_does_not_is_refused(string identity, string key)
    {
        await using var server = new TlsServer(new TlsOptions { Psk = Keys($"device-1:{Key}") });

        (await AskAsync(server, identity, key, "PSK-AES128-GCM-SHA256")).ShouldNotContain("hello over PSK");

        server.Peers.ShouldBeEmpty();
        server.Log.At(LogLevel.Error).ShouldBeEmpty();
        string.Join('\n', server.Log.Lines).ShouldNotContain(Key);
        (await AskAsync(server, "device-1", Key, "PSK-AES128-GCM-SHA256")).ShouldContain("hello over PSK");
    }

    [Fact]
    public async Task A_registry_that_takes_its_time_is_waited_for()
    {
        var registry = new SlowRegistry("dev@app:with:colons", Key);
        await using var server = new TlsServer(new TlsOptions { Psk = Keys("") }, [registry]);

        var said = await AskAsync(server, "dev@app:with:colons", Key, "PSK-AES128-GCM-SHA256");

        said.ShouldContain("hello over PSK");
        server.Peers.Single().PskIdentity.ShouldBe("dev@app:with:colons");
    }

    [Fact]
    public async Task One_port_serves_certificates_and_keys()
    {
        using var certificate = _authority.IssueServer();
        var (path, key) = _authority.WriteServer(certificate);
        await using var server = new TlsServer(new TlsOptions { Certificate = path, Key = key, Psk = Keys($"device-1:{Key}") });

        (await AskAsync(server, "device-1", Key, "PSK-AES128-GCM-SHA256")).ShouldContain("hello over PSK");
        await using SslStream client = await server.ConnectAsync();

        (await TlsServer.EchoesAsync(client, 100_000)).ShouldBeTrue();
        server.Peers.Select(peer => peer.PskIdentity).ShouldBe(["device-1", null]);
    }

    [Fact]
    public async Task A_key_that_was_taken_out_of_the_file_opens_no_more()
    {
        await using var server = new TlsServer(new TlsOptions { Psk = Keys($"device-1:{Key}") });
        (await AskAsync(server, "device-1", Key, "PSK-AES128-GCM-SHA256")).ShouldContain("hello over PSK");

        Keys($"device-2:{Key}");
        server.Handshake.LookAgain();

        (await AskAsync(server, "device-1", Key, "PSK-AES128-GCM-SHA256")).ShouldNotContain("hello over PSK");
        (await AskAsync(server, "device-2", Key, "PSK-AES128-GCM-SHA256")).ShouldContain("hello over PSK");
    }

    [Theory]
    [InlineData("device-1", "line 1: is not identity:key")]
    [InlineData(":00", "line 1: is not identity:key")]
    [InlineData("# comment\n\ndevice-1:0", "line 3: has a key for device-1 that is not an even number of hexadecimal digits")]
    [InlineData("device-1:", "line 1: has a key for device-1 that is not an even number of hexadecimal digits")]
    [InlineData("device-1:zz", "line 1: has a key for device-1 that is not an even number of hexadecimal digits")]
    [InlineData("device-1:00\ndevice-1:01", "line 2: has a second key for device-1")]
    public void A_line_that_says_nothing_is_named_without_its_key(string text, string fault)
    {
        var path = Keys(text);

        Should.Throw<TlsFileException>(() => PskFile.Load(path)).Message.ShouldBe($"{path} {fault}");
    }

    private string Keys(string text) => _authority.Write("keys.psk", text);

    /// <summary>Connects, says hello, and answers what came back.</summary>
    private static async Task<string> AskAsync(TlsServer server, string identity, string key, string cipher)
    {
        var start = new ProcessStartInfo("openssl") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
            ["s_client", "-quiet", "-ign_eof", "-connect", $"127.0.0.1:{server.Port}", "-psk_identity", identity, "-psk", key, "-cipher", cipher, "-tls1_2"])
        {
            start.ArgumentList.Add(argument);
        }

        using var client = Process.Start(start)!;
        var errors = client.StandardError.ReadToEndAsync();
        var reading = client.StandardOutput.ReadLineAsync();
        try
        {
            await client.StandardInput.WriteLineAsync("hello over PSK");
            await client.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It was refused before it could read what it shall say.
        }

        var line = await reading.WaitAsync(TlsServer.Patience) ?? "";
        if (!client.HasExited) client.Kill();
        await client.WaitForExitAsync();
        return line + await errors;
    }

    private sealed class SlowRegistry(string identity, string key) : IPskKeys
    {
        public async ValueTask<byte[]?> FindAsync(string asked, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return asked == identity ? Convert.FromHexString(key) : null;
        }
    }
}
