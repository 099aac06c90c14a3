using System.Net.WebSockets;
using System.Text;
using Kuzzle.Edge.Protocols.WebSocket;

namespace Kuzzle.Edge.Protocols.Tests.WebSocket;

public sealed class WebSocketRequestTests
{
    private const string Now = """{"controller":"server","action":"now","requestId":"r1"}""";

    [Theory]
    [InlineData("/")]
    [InlineData("/any/other?path=1")]
    public async Task A_request_is_answered_on_every_path_with_its_id_as_room(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway, path);

        var answer = await client.AskAsync(Now);

        ((string?)answer["requestId"]).ShouldBe("r1");
        ((string?)answer["room"]).ShouldBe("r1");
        ((int?)answer["status"]).ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"p":1}""")]
    [InlineData(""" { "p" : 1 } """)]
    public async Task The_keep_alive_of_browsers_is_answered(string ping)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway);

        await client.SendAsync(ping);

        (await client.ReceiveTextAsync()).ShouldBe("""{"p":2}""");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("""{"p":2}""", "api.assert.missing_argument")]
    [InlineData("""{"controller":5}""")]
    public async Task What_is_no_request_is_answered_and_the_connection_stays(string message, string id = "network.websocket.unexpected_error")
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway);

        var answer = await client.AskAsync(message);

        ((int?)answer["status"]).ShouldBe(400);
        ((string?)answer["error"]!["id"]).ShouldBe(id);
        ((int?)(await client.AskAsync(Now))["status"]).ShouldBe(200);
    }

    [Fact]
    public async Task The_error_of_an_unusable_request_finds_the_one_who_waits_for_it()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway);

        var answer = await client.AskAsync("""{"requestId":"r7","controller":5}""");

        ((string?)answer["room"]).ShouldBe("r7");
        ((string?)answer["requestId"]).ShouldBe("r7");
    }

    [Fact]
    public async Task A_message_in_fragments_is_one_request()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway);

        foreach (var letter in Encoding.UTF8.GetBytes(Now)[..^1]) await client.SendAsync([letter], WebSocketMessageType.Text, endOfMessage: false);
        await client.SendAsync("}");

        ((string?)(await client.ReceiveAsync())["requestId"]).ShouldBe("r1");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(20_000)]
    public async Task A_message_of_exactly_the_allowed_size_is_answered_and_a_longer_one_closes(int limit)
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { MaxRequestBytes = limit });
        using var client = await SocketClient.ConnectAsync(gateway);

        ((int?)(await client.AskAsync(new string('x', limit)))["status"]).ShouldBe(400);
        await client.SendAsync(new string('x', limit + 1));

        (await client.WaitForCloseAsync()).ShouldBe(WebSocketCloseStatus.MessageTooBig);
    }

    [Fact]
    public async Task A_binary_message_closes()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway);

        await client.SendAsync(Encoding.UTF8.GetBytes(Now), WebSocketMessageType.Binary);

        (await client.WaitForCloseAsync()).ShouldBe(WebSocketCloseStatus.InvalidMessageType);
    }

    [Fact]
    public async Task An_empty_message_is_ignored()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway);

        await client.SendAsync("");

        ((string?)(await client.AskAsync(Now))["requestId"]).ShouldBe("r1");
    }

    [Fact]
    public async Task Requests_sent_in_one_go_are_all_answered()
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { WebSocket = new KuzzleWebSocketOptions { MaxRequestsInFlight = 3 } });
        using var client = await SocketClient.ConnectAsync(gateway);

        var ids = Enumerable.Range(0, 500).Select(i => $"r{i}").ToHashSet();
        foreach (var id in ids) await client.SendAsync($$"""{"controller":"server","action":"now","requestId":"{{id}}"}""");

        var answered = new HashSet<string>();
        while (answered.Count < ids.Count) answered.Add((string)(await client.ReceiveAsync())["requestId"]!).ShouldBeTrue();
        answered.ShouldBe(ids, ignoreOrder: true);
    }

    [Fact]
    public async Task Messages_over_the_rate_are_answered_and_not_executed()
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { WebSocket = new KuzzleWebSocketOptions { RateLimit = 2 } });
        using var client = await SocketClient.ConnectAsync(gateway);

        var answers = new List<(int Status, string? Error)>();
        for (var i = 0; i < 50; i++)
        {
            var answer = await client.AskAsync(Now);
            answers.Add(((int)answer["status"]!, (string?)answer["error"]?["id"]));
        }

        answers.Take(2).ShouldBe([(200, null), (200, null)]);
        answers.ShouldContain((429, "network.websocket.ratelimit_exceeded"));
    }

    [Fact]
    public async Task A_client_that_closes_gets_its_close_back()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway);

        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        client.Socket.State.ShouldBe(WebSocketState.Closed);
        client.Socket.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task At_the_stop_clients_are_told_that_the_gateway_goes_away()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway);
        await client.AskAsync(Now);

        var closed = client.WaitForCloseAsync();
        await gateway.Endpoint.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        (await closed).ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
    }

    [Fact]
    public async Task With_WebSockets_disabled_a_handshake_is_refused()
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { WebSocket = new KuzzleWebSocketOptions { Enabled = false } });

        await Should.ThrowAsync<WebSocketException>(() => SocketClient.ConnectAsync(gateway));
    }
}
