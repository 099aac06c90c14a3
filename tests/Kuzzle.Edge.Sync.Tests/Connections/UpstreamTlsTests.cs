using System.Security.Cryptography.X509Certificates;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Rules;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Sync.Tests.Connections;

public sealed class UpstreamTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("wss", "websocket")]
    [InlineData("https", "http")]
    public async Task An_upstream_of_an_authority_of_ones_own_is_trusted(string scheme, string transport)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var certificate = _authority.IssueServer("localhost");
        await using var front = new TlsFront(gateway.Port, certificate);

        await using var session = await OpenAsync(new UriBuilder(scheme, "localhost", front.Port).Uri, new UpstreamTls { Trust = _authority.Trust });

        session.Transport.ShouldBe(transport);
        (await NowAsync(session)).IsSuccess.ShouldBeTrue();
        front.Names.ShouldAllBe(name => name == "localhost");
    }

    [Fact]
    public async Task An_upstream_of_another_authority_is_not_trusted_and_the_file_is_named()
    {
        using var others = new TestAuthority("Another root");
        using var certificate = others.IssueServer("localhost");

        (await RefusalAsync(certificate)).ShouldEndWith($"cannot be trusted. Its certificate comes from no authority that {_authority.Trust} names.");
    }

    [Fact]
    public async Task A_certificate_that_has_ended_is_told_with_its_end()
    {
        var end = TestAuthority.Now.AddDays(-1);
        using var certificate = _authority.IssueServer("localhost", notAfter: end);

        (await RefusalAsync(certificate)).ShouldContain($"Its certificate (CN=localhost) ended on {end.UtcDateTime:yyyy-MM-dd}");
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_told_with_both_names()
    {
        using var certificate = _authority.IssueServer("other.example");

        (await RefusalAsync(certificate)).ShouldEndWith("Its certificate is for other.example, 127.0.0.1, not for localhost.");
    }

    [Fact]
    public async Task Where_the_address_is_not_the_name_the_name_is_asked_for_and_checked()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var certificate = _authority.IssueServer("cloud.example");
        await using var front = new TlsFront(gateway.Port, certificate);

        await using var session = await OpenAsync(new Uri($"wss://localhost:{front.Port}"), new UpstreamTls { Trust = _authority.Trust, ServerName = "cloud.example" });

        (await NowAsync(session)).IsSuccess.ShouldBeTrue();
        front.Names.ShouldHaveSingleItem().ShouldBe("cloud.example");
    }

    [Fact]
    public async Task An_upstream_that_wants_a_certificate_gets_the_one_of_this_box()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var certificate = _authority.IssueServer("localhost");
        using var own = _authority.IssueClient("box-7");
        var (file, key) = _authority.WriteServer(own, "box");
        await using var front = new TlsFront(gateway.Port, certificate, clientRoot: _authority.Root);

        await using var session = await OpenAsync(new Uri($"wss://localhost:{front.Port}"), new UpstreamTls { Trust = _authority.Trust, Certificate = file, Key = key });

        (await NowAsync(session)).IsSuccess.ShouldBeTrue();
        front.Clients.ShouldHaveSingleItem().ShouldBe("CN=box-7");
    }

    [Fact]
    public async Task An_upstream_that_misses_a_certificate_of_this_box_is_told_as_such()
    {
        using var certificate = _authority.IssueServer("localhost");

        (await RefusalAsync(certificate, wantsClients: true)).ShouldContain("perhaps it wants a certificate of this box (tls.certificate)");
    }

    [Fact]
    public async Task A_certificate_of_this_box_that_the_upstream_does_not_like_is_named()
    {
        using var certificate = _authority.IssueServer("localhost");
        using var others = new TestAuthority("Another root");
        using var foreign = others.IssueClient("box-7");
        var (file, key) = others.WriteServer(foreign, "box");

        var refusal = await RefusalAsync(certificate, wantsClients: true, tls => tls with { Certificate = file, Key = key });

        refusal.ShouldContain($"perhaps it does not accept the certificate in {file}");
    }

    [Fact]
    public async Task Renewed_files_are_used_by_the_next_connection()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var others = new TestAuthority("Another root");
        using var certificate = others.IssueServer("localhost");
        await using var front = new TlsFront(gateway.Port, certificate);
        var (url, tls) = (new Uri($"wss://localhost:{front.Port}"), new UpstreamTls { Trust = _authority.Trust });
        await Should.ThrowAsync<LinkBrokenException>(() => OpenAsync(url, tls));

        File.Copy(others.Trust, _authority.Trust, overwrite: true);
        await using var session = await OpenAsync(url, tls);

        (await NowAsync(session)).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_that_does_not_belong_to_the_certificate_is_told_by_file()
    {
        using var one = _authority.IssueClient("one");
        using var two = _authority.IssueClient("two");
        var (file, _) = _authority.WriteServer(one, "one");
        var (_, key) = _authority.WriteServer(two, "two");

        var refusal = await Should.ThrowAsync<LinkBrokenException>(() => OpenAsync(new Uri("wss://localhost:1"), new UpstreamTls { Certificate = file, Key = key }));

        refusal.Message.ShouldContain(file);
    }

    private async Task<string> RefusalAsync(X509Certificate2 certificate, bool wantsClients = false, Func<UpstreamTls, UpstreamTls>? adjust = null)
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var front = new TlsFront(gateway.Port, certificate, wantsClients ? _authority.Root : null);
        var tls = new UpstreamTls { Trust = _authority.Trust };
        var refusal = await Should.ThrowAsync<LinkBrokenException>(async () =>
        {
            // A server that misses something may only say so once it is asked.
            await using var session = await OpenAsync(new Uri($"wss://localhost:{front.Port}"), adjust?.Invoke(tls) ?? tls);
            await NowAsync(session);
        });
        return refusal.Message;
    }

    private static Task<UpstreamSession> OpenAsync(Uri url, UpstreamTls tls) => UpstreamSession.OpenAsync(
        new UpstreamOptions { Url = url, Tls = tls, Rules = new SyncRules([new() { Match = CollectionPattern.Parse("*/*") }]) },
        "link",
        static _ => { },
        new LinkTraffic(),
        TimeProvider.System,
        CancellationToken.None);

    private static Task<UpstreamAnswer> NowAsync(UpstreamSession session) => session.AskAsync(
        request =>
        {
            request.WriteString("controller", "server");
            request.WriteString("action", "now");
        },
        CancellationToken.None);
}
