using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Tests.Connections;

public sealed class UpstreamSessionTests
{
    private static readonly SyncRules Rules = new([new() { Match = CollectionPattern.Parse("*/*") }]);

    [Theory]
    [InlineData("ws", true, "websocket")]
    [InlineData("ws", false, "http")]
    [InlineData("http", true, "http")]
    public async Task What_lets_no_WebSocket_through_is_asked_by_HTTP(string scheme, bool hasWebSocket, string transport)
    {
        await using var gateway = await TestGateway.StartAsync(hasWebSocket: hasWebSocket);
        await using var session = await OpenAsync(new UpstreamOptions { Url = new Uri($"{scheme}://127.0.0.1:{gateway.Port}"), Rules = Rules });

        var answer = await AskAsync(session, "server", "now");

        session.Transport.ShouldBe(transport);
        answer.IsSuccess.ShouldBeTrue(answer.Complaint);
        answer.Result.GetProperty("now").GetInt64().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("ws")]
    [InlineData("http")]
    public async Task A_user_logs_in_and_each_request_is_that_users(string scheme)
    {
        await using var gateway = await GatewayWithAdminAsync();
        await using var session = await OpenAsync(WithUser(scheme, gateway, "hush hush"));

        var answer = await AskAsync(session, "auth", "getCurrentUser");

        answer.Result.GetProperty("_id").GetString().ShouldBe("operator");
    }

    [Fact]
    public async Task A_wrong_password_is_told()
    {
        await using var gateway = await GatewayWithAdminAsync();

        (await Should.ThrowAsync<LinkBrokenException>(() => OpenAsync(WithUser("ws", gateway, "wrong")))).Message.ShouldContain("does not let user box in");
    }

    [Fact]
    public async Task Nobody_at_the_address_is_told()
    {
        Uri url;
        await using (var gateway = await TestGateway.StartAsync()) url = new Uri($"ws://127.0.0.1:{gateway.Port}");

        (await Should.ThrowAsync<LinkBrokenException>(() => OpenAsync(new UpstreamOptions { Url = url, Rules = Rules }))).Message.ShouldContain("cannot be reached");
    }

    [Fact]
    public async Task A_trust_file_that_is_none_is_told_by_name()
    {
        var options = new UpstreamOptions { Url = new Uri("wss://127.0.0.1:1"), Rules = Rules, Tls = new UpstreamTls { Trust = "/nowhere/ca.pem" } };

        (await Should.ThrowAsync<LinkBrokenException>(() => OpenAsync(options))).Message.ShouldContain("/nowhere/ca.pem");
    }

    private static UpstreamOptions WithUser(string scheme, TestGateway gateway, string password) =>
        new() { Url = new Uri($"{scheme}://127.0.0.1:{gateway.Port}"), Rules = Rules, Auth = new UpstreamAuth { UserName = "box", Password = UpstreamSecret.Of(password) } };

    private static async Task<TestGateway> GatewayWithAdminAsync()
    {
        var gateway = await TestGateway.StartAsync();
        await gateway.MustAsync(
            """
            {"controller":"security","action":"createFirstAdmin","_id":"operator","body":{"content":{},"credentials":{"local":{"username":"box","password":"hush hush"}}}}
            """);
        return gateway;
    }

    private static Task<UpstreamSession> OpenAsync(UpstreamOptions options) => UpstreamSession.OpenAsync(options, "link", static _ => { }, new LinkTraffic(), TimeProvider.System, CancellationToken.None);

    private static Task<UpstreamAnswer> AskAsync(UpstreamSession session, string controller, string action) => session.AskAsync(
        request =>
        {
            request.WriteString("controller", controller);
            request.WriteString("action", action);
        },
        CancellationToken.None);
}
