using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Protocols.WebSocket;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Protocols.Tests.WebSocket;

public sealed class MqttOverWebSocketTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Connack = [0x20, 0x02, 0x00, 0x00];
    private static readonly byte[] Ping = [0xC0, 0x00];
    private static readonly byte[] Pong = [0xD0, 0x00];

    private readonly List<MqttBroker> _brokers = [];

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in _brokers) await broker.DisposeAsync();
    }

    [Theory]
    [InlineData("mqtt", "mqtt")]
    [InlineData("mqttv3.1", "mqttv3.1")]
    [InlineData("wamp,mqtt", "mqtt")]
    [InlineData("", null)]
    public async Task The_subprotocol_is_echoed(string offered, string? chosen)
    {
        await using var gateway = await StartAsync();
        using var client = await OpenAsync(gateway, offered);

        client.SubProtocol.ShouldBe(chosen);

        await SendAsync(client, Connect("c"));
        (await ReceiveAsync(client, 4)).ShouldBe(Connack);
    }

    [Fact]
    public async Task A_client_that_offers_something_else_is_told_what_would_be_right()
    {
        await using var gateway = await StartAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Http, "/mqtt"));
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.Add("Sec-WebSocket-Protocol", "wamp, MQTT-over-carrier-pigeon");

        using var response = await client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("Offer the subprotocol \"mqtt\"");
    }

    [Fact]
    public async Task Packets_may_be_cut_into_frames_anywhere()
    {
        await using var gateway = await StartAsync();
        using var client = await OpenAsync(gateway);
        byte[] bytes = [.. Connect("c"), .. Ping, .. Ping];

        foreach (var part in bytes) await SendAsync(client, [part]);

        (await ReceiveAsync(client, 8)).ShouldBe([.. Connack, .. Pong, .. Pong]);
    }

    [Fact]
    public async Task One_frame_may_carry_many_packets()
    {
        await using var gateway = await StartAsync();
        using var client = await OpenAsync(gateway);

        await SendAsync(client, [.. Connect("c"), .. Ping, .. Ping, .. Ping]);

        (await ReceiveAsync(client, 10)).ShouldBe([.. Connack, .. Pong, .. Pong, .. Pong]);
    }

    [Fact]
    public async Task Fragments_and_empty_frames_are_part_of_the_stream()
    {
        await using var gateway = await StartAsync();
        using var client = await OpenAsync(gateway);
        var connect = Connect("c");

        await SendAsync(client, []);
        await client.SendAsync(connect.AsMemory(0, 1), WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
        await client.SendAsync(Memory<byte>.Empty, WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
        await client.SendAsync(connect.AsMemory(1, 5), WebSocketMessageType.Binary, endOfMessage: false, CancellationToken.None);
        await client.SendAsync(connect.AsMemory(6), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        await SendAsync(client, []);
        await SendAsync(client, Ping);

        (await ReceiveAsync(client, 6)).ShouldBe([.. Connack, .. Pong]);
    }

    [Fact]
    public async Task A_large_message_comes_back_whole()
    {
        await using var gateway = await StartAsync();
        using var client = await OpenAsync(gateway);
        var payload = new byte[500_000];
        new Random(1).NextBytes(payload);
        await SendAsync(client, [.. Connect("c"), 0x82, 0x06, 0x00, 0x01, 0x00, 0x01, (byte)'t', 0x00]);
        await ReceiveAsync(client, 4 + 5);
        byte[] publish = [0x30, .. VariableInteger(3 + payload.Length), 0x00, 0x01, (byte)'t', .. payload];

        var receiving = ReceiveAsync(client, publish.Length);
        await SendAsync(client, publish);

        (await receiving).AsSpan().SequenceEqual(publish).ShouldBeTrue();
    }

    [Fact]
    public async Task A_packet_larger_than_the_broker_takes_ends_the_connection_at_its_head()
    {
        await using var gateway = await StartAsync(new MqttBrokerOptions { MaxPacketBytes = 1000 });
        using var client = await OpenAsync(gateway);
        await SendAsync(client, Connect("c"));
        await ReceiveAsync(client, 4);

        await SendAsync(client, [0x30, .. VariableInteger(2000)]);

        (await CloseStatusAsync(client)).ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Text_ends_the_connection_with_its_own_status()
    {
        await using var gateway = await StartAsync();
        using var client = await OpenAsync(gateway);
        await SendAsync(client, Connect("c"));
        await ReceiveAsync(client, 4);

        await client.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        (await CloseStatusAsync(client)).ShouldBe(WebSocketCloseStatus.InvalidMessageType);
    }

    [Fact]
    public async Task A_client_that_closes_is_answered_and_its_will_is_published()
    {
        await using var gateway = await StartAsync();
        using var watcher = await OpenAsync(gateway);
        await SendAsync(watcher, [.. Connect("w"), 0x82, 0x06, 0x00, 0x01, 0x00, 0x01, (byte)'t', 0x00]);
        await ReceiveAsync(watcher, 4 + 5);
        using var client = await OpenAsync(gateway);
        await SendAsync(client, Connect("c", [0x00, 0x01, (byte)'t', 0x00, 0x04, .. "gone"u8]));
        await ReceiveAsync(client, 4);

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Patience);

        client.State.ShouldBe(WebSocketState.Closed);
        (await ReceiveAsync(watcher, 9)).ShouldBe([0x30, 0x07, 0x00, 0x01, (byte)'t', .. "gone"u8]);
    }

    [Fact]
    public async Task A_DISCONNECT_is_answered_with_a_close_frame()
    {
        await using var gateway = await StartAsync();
        using var client = await OpenAsync(gateway);

        await SendAsync(client, [.. Connect("c"), 0xE0, 0x00]);

        (await CloseStatusAsync(client)).ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task A_connection_without_CONNECT_is_closed_when_its_time_is_over()
    {
        await using var gateway = await StartAsync(new MqttBrokerOptions { ConnectTimeout = TimeSpan.FromMilliseconds(300) });
        using var client = await OpenAsync(gateway);

        await SendAsync(client, Connect("c")[..5]);

        (await CloseStatusAsync(client)).ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Connections_without_CONNECT_are_bounded_in_number()
    {
        await using var gateway = await StartAsync(new MqttBrokerOptions { MaxConnecting = 1 });
        using var waiting = await OpenAsync(gateway);

        using var turnedAway = await OpenAsync(gateway);

        (await CloseStatusAsync(turnedAway)).ShouldBe(WebSocketCloseStatus.NormalClosure);
        await SendAsync(waiting, Connect("c"));
        (await ReceiveAsync(waiting, 4)).ShouldBe(Connack);
    }

    [Fact]
    public async Task When_the_gateway_stops_a_client_of_MQTT_5_is_told_twice()
    {
        await using var gateway = await StartAsync();
        using var client = await OpenAsync(gateway);
        await SendAsync(client, [0x10, 0x0E, 0x00, 0x04, .. "MQTT"u8, 0x05, 0x02, 0x00, 0x3C, 0x00, 0x00, 0x01, (byte)'c']);
        var head = await ReceiveAsync(client, 2);
        await ReceiveAsync(client, head[1]);

        var stopping = gateway.Endpoint.StopAsync(CancellationToken.None);
        await _brokers[0].StopAsync(CancellationToken.None);

        var farewell = await ReceiveAsync(client, 3);
        farewell.ShouldBe([0xE0, farewell[1], 0x8B]);
        await ReceiveAsync(client, farewell[1] - 1);
        (await CloseStatusAsync(client)).ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task Every_other_path_speaks_Kuzzle()
    {
        await using var gateway = await StartAsync();
        using var client = await SocketClient.ConnectAsync(gateway, "/mqtt/of/ours");

        var answer = await client.AskAsync("""{"controller":"server","action":"now","requestId":"1"}""");

        ((int)answer["status"]!).ShouldBe(200);
    }

    [Fact]
    public async Task A_page_of_a_foreign_origin_gets_no_connection()
    {
        await using var gateway = await StartAsync(configure: options => options with { AllowedOrigins = ["https://console.example"] });
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("mqtt");
        client.Options.SetRequestHeader("Origin", "https://evil.example");

        await Should.ThrowAsync<WebSocketException>(() => client.ConnectAsync(new Uri(gateway.WebSocket, "/mqtt"), CancellationToken.None));
    }

    [Fact]
    public async Task Who_is_at_the_other_end_is_known()
    {
        var profile = new RememberingProfile();
        await using var gateway = await StartAsync(profile: profile);
        using var client = await OpenAsync(gateway);
        await SendAsync(client, Connect("c"));
        await ReceiveAsync(client, 4);

        var peer = profile.Peer.ShouldNotBeNull();

        peer.Transport.ShouldBe(MqttTransport.WebSocket);
        peer.RemoteEndPoint.ShouldBeOfType<IPEndPoint>().Address.ShouldBe(IPAddress.Loopback);
    }

    [Fact]
    public async Task A_peer_that_vanishes_costs_nothing()
    {
        await using var gateway = await StartAsync();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(gateway.Endpoint.EndPoint);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                "GET /mqtt HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"));
            (await stream.ReadAsync(new byte[1000])).ShouldBeGreaterThan(0);

            // A frame that announces more than comes, with an MQTT length that announces even more.
            await stream.WriteAsync((byte[])[0x82, 0xFE, 0x7F, 0xFF, 0, 0, 0, 0, 0x10, 0xFF, 0xFF, 0xFF, 0x7F]);
            client.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        using var other = await OpenAsync(gateway);
        await SendAsync(other, Connect("c"));
        (await ReceiveAsync(other, 4)).ShouldBe(Connack);
    }

    private async Task<TestGateway> StartAsync(
        MqttBrokerOptions? broker = null, IListenerProfile? profile = null, Func<Protocols.Http.HttpOptions, Protocols.Http.HttpOptions>? configure = null)
    {
        var served = new MqttBroker(broker ?? new MqttBrokerOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        _brokers.Add(served);
        return await TestGateway.StartAsync(configure, new MqttOverWebSocket(served, profile ?? new OpenProfile(AnonymousAccess.Allowed)));
    }

    private static async Task<ClientWebSocket> OpenAsync(TestGateway gateway, string subprotocols = "mqtt")
    {
        var client = new ClientWebSocket();
        foreach (var name in subprotocols.Split(',', StringSplitOptions.RemoveEmptyEntries)) client.Options.AddSubProtocol(name);
        await client.ConnectAsync(new Uri(gateway.WebSocket, "/mqtt"), CancellationToken.None).WaitAsync(Patience);
        return client;
    }

    private static byte[] Connect(string clientId, byte[]? will = null)
    {
        byte[] rest = [0x00, 0x04, .. "MQTT"u8, 0x04, (byte)(will is null ? 0x02 : 0x06), 0x00, 0x3C, 0x00, (byte)clientId.Length, .. Encoding.ASCII.GetBytes(clientId), .. will ?? []];
        return [0x10, (byte)rest.Length, .. rest];
    }

    private static byte[] VariableInteger(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private static Task SendAsync(ClientWebSocket client, byte[] data) =>
        client.SendAsync(data, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).WaitAsync(Patience);

    /// <summary>So many bytes, from however many frames, all of them binary.</summary>
    private static async Task<byte[]> ReceiveAsync(ClientWebSocket client, int length)
    {
        var received = new byte[length];
        for (var at = 0; at < length;)
        {
            var part = await client.ReceiveAsync(received.AsMemory(at), CancellationToken.None).AsTask().WaitAsync(Patience);
            part.MessageType.ShouldBe(WebSocketMessageType.Binary, $"after {at} bytes: {client.CloseStatus} {client.CloseStatusDescription}");
            at += part.Count;
        }

        return received;
    }

    private static async Task<WebSocketCloseStatus?> CloseStatusAsync(ClientWebSocket client)
    {
        var buffer = new byte[1000];
        while ((await client.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().WaitAsync(Patience)).MessageType != WebSocketMessageType.Close)
        {
        }

        if (client.State == WebSocketState.CloseReceived) await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        return client.CloseStatus;
    }

    private sealed class RememberingProfile : IListenerProfile
    {
        public MqttPeer? Peer { get; private set; }

        public void OnConnected(IMqttClient client) => Peer = client.Peer;

        public void OnDisconnected(IMqttClient client)
        {
        }

        public PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill) => PublishRuling.Route;

        public SubscribeRuling JudgeSubscribe(IMqttClient client, string filter) => SubscribeRuling.Grant;

        public void Take(IMqttClient client, MqttMessage message) => throw new InvalidOperationException("It takes nothing.");
    }
}
