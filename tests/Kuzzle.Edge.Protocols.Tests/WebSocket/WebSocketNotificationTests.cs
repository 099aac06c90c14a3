using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using Kuzzle.Edge.Protocols.WebSocket;

namespace Kuzzle.Edge.Protocols.Tests.WebSocket;

public sealed class WebSocketNotificationTests
{
    [Fact]
    public async Task A_notification_comes_with_its_channel_as_room()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var subscriber = await SocketClient.ConnectAsync(gateway);
        using var publisher = await SocketClient.ConnectAsync(gateway);
        var channel = await JoinAsync(subscriber);

        await publisher.AskAsync(Publish("hello"));

        var notification = await subscriber.ReceiveAsync();
        ((string?)notification["room"]).ShouldBe(channel);
        ((string?)notification["type"]).ShouldBe("document");
        ((string?)notification["protocol"]).ShouldBe("websocket");
        ((string?)notification["result"]!["_source"]!["text"]).ShouldBe("hello");
    }

    [Fact]
    public async Task A_client_with_many_channels_gets_one_notification_on_each_that_matches()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway);
        var channels = new HashSet<string>();
        for (var i = 0; i < 300; i++) channels.Add(await JoinAsync(client, $$"""{"exists":"text{{i % 2}}"}""", $",\"users\":\"{(i % 3 == 0 ? "all" : "none")}\""));

        using var publisher = await SocketClient.ConnectAsync(gateway);
        await publisher.AskAsync("""{"controller":"realtime","action":"publish","index":"i","collection":"c","body":{"text0":1}}""");
        await client.SendAsync("""{"p":1}""");

        var rooms = new List<string>();
        while (await client.ReceiveTextAsync() is { } text && text != """{"p":2}""")
        {
            var message = System.Text.Json.Nodes.JsonNode.Parse(text)!;
            if ((string?)message["type"] == "document") rooms.Add((string)message["room"]!);
        }

        rooms.ShouldBeUnique();
        rooms.Count.ShouldBe(2);
        channels.ShouldContain(rooms[0]);
    }

    [Fact]
    public async Task After_unsubscribing_nothing_comes_any_more()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway);
        var answer = await client.AskAsync(Subscribe("{}", ""));
        await client.AskAsync($$$"""{"controller":"realtime","action":"unsubscribe","body":{"roomId":"{{{(string?)answer["result"]!["roomId"]}}}"}}""");

        await client.AskAsync(Publish("hello"));

        await client.SendAsync("""{"p":1}""");
        (await client.ReceiveTextAsync()).ShouldBe("""{"p":2}""");
        gateway.Channels.Contains((string?)answer["result"]!["channel"]).ShouldBeFalse();
    }

    [Fact]
    public async Task The_rooms_of_a_client_end_with_its_connection()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var watcher = await SocketClient.ConnectAsync(gateway);
        await JoinAsync(watcher, "{}", ",\"users\":\"all\"");
        var leaver = await SocketClient.ConnectAsync(gateway);
        await JoinAsync(leaver);
        ((string?)(await watcher.ReceiveAsync())["user"]).ShouldBe("in");

        leaver.Dispose();

        ((string?)(await watcher.ReceiveAsync())["user"]).ShouldBe("out");
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off_and_counted_and_others_get_everything()
    {
        long slowClients = 0;
        using var meters = new MeterListener();
        await using var gateway = await TestGateway.StartAsync(options => options with { WebSocket = new KuzzleWebSocketOptions { MaxQueuedBytes = 256 * 1024 } });
        meters.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref slowClients, value));
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "kuzzle_edge.websocket.slow_clients") listener.EnableMeasurementEvents(instrument);
        };
        meters.Start();
        using var stalled = await SocketClient.ConnectAsync(gateway);
        using var reader = await SocketClient.ConnectAsync(gateway);
        using var publisher = await SocketClient.ConnectAsync(gateway);
        await JoinAsync(stalled);
        await JoinAsync(reader);

        var text = new string('x', 100_000);
        for (var i = 0; i < 300; i++)
        {
            await publisher.AskAsync(Publish(text));
            ((string?)(await reader.ReceiveAsync())["result"]!["_source"]!["text"]).ShouldBe(text);
        }

        await Should.ThrowAsync<WebSocketException>(async () =>
        {
            while (await stalled.ReceiveTextAsync() is not null)
            {
            }
        });
        Interlocked.Read(ref slowClients).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_answer_larger_than_the_bound_still_arrives()
    {
        await using var gateway = await TestGateway.StartAsync(options => options with { WebSocket = new KuzzleWebSocketOptions { MaxQueuedBytes = 1024 } });
        using var client = await SocketClient.ConnectAsync(gateway);
        var text = new string('x', 500_000);

        var answer = await client.AskAsync($$$"""{"controller":"server","action":"now","volatile":{"text":"{{{text}}}"}}""");

        ((string?)answer["volatile"]!["text"]).ShouldBe(text);
    }

    private static async Task<string> JoinAsync(SocketClient client, string filter = "{}", string extra = "") =>
        (string)(await client.AskAsync(Subscribe(filter, extra)))["result"]!["channel"]!;

    private static string Subscribe(string filter, string extra) =>
        $$"""{"controller":"realtime","action":"subscribe","index":"i","collection":"c","body":{{filter}}{{extra}}}""";

    private static string Publish(string text) =>
        $$"""{"controller":"realtime","action":"publish","index":"i","collection":"c","body":{"text":"{{text}}"},"requestId":"p"}""";
}
