using System.Text;
using System.Threading.Channels;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Connectors;
using Kuzzle.Edge.Mqtt.Client.Sessions;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Sync.Bridges;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

public sealed class MosquittoTests
{
    [MosquittoTheory]
    [InlineData("mqtt", MqttVersion.V311)]
    [InlineData("mqtt", MqttVersion.V5)]
    [InlineData("ws", MqttVersion.V5)]
    public async Task A_bridge_carries_everything_across_a_kill_of_mosquitto(string scheme, MqttVersion version)
    {
        using var mosquitto = new Mosquitto();
        mosquitto.Start();
        var url = new Uri(FormattableString.Invariant($"{scheme}://127.0.0.1:{(scheme == "ws" ? mosquitto.WebSocketPort : mosquitto.Port)}"));
        await using var here = await BridgeBox.StartAsync("here");
        var bridge = here.Bridge(new MqttNetworkConnector(url), version, new BridgeTopic("t/#", BridgeDirection.Both) { RemotePrefix = "box/" });
        await UntilAsync(() => bridge.Status.State == LinkState.Online);
        await here.PublishAsync("t/a", "before");
        await UntilAsync(() => bridge.Status.Sent == 1);

        mosquitto.Kill();
        await UntilAsync(() => bridge.Status.State != LinkState.Online);
        for (var i = 0; i < 100; i++) await here.PublishAsync("t/a", $"{i}", retain: i == 99);
        mosquitto.Start();

        await UntilAsync(() => bridge.Status.Sent == 101);
        await PublishThereAsync(mosquitto, "box/t/b");
        while (await here.HearAsync() is var heard && heard != "t/b x") heard.ShouldStartWith("t/a");
        (await RetainedThereAsync(mosquitto, "box/t/a")).ShouldBe("99");
    }

    [MosquittoTheory]
    [InlineData(MqttVersion.V311, 2, 11)]
    [InlineData(MqttVersion.V5, 2, 12)]
    [InlineData(MqttVersion.V5, 1, 13)]
    public async Task Traffic_both_ways_survives_restarts_of_mosquitto_and_kills_of_the_bridge(MqttVersion version, int qos, int seed)
    {
        using var mosquitto = new Mosquitto();
        mosquitto.Start();

        await new BridgeProof(new Uri(FormattableString.Invariant($"mqtt://127.0.0.1:{mosquitto.Port}")), version, (QualityOfService)qos, seed).RunAsync(async () =>
        {
            await mosquitto.StopAsync();
            mosquitto.Start();
        });
    }

    [MosquittoTheory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Mosquitto_retains_whether_the_bridge_is_connected_and_sends_it_no_echo(MqttVersion version)
    {
        using var mosquitto = new Mosquitto();
        mosquitto.Start();
        await using var here = await BridgeBox.StartAsync("here");
        var state = MqttBridgeOptions.StateTopicOf("bridge of here");
        var options = here.Options(version, new BridgeTopic("t/#", BridgeDirection.Both)) with { RemoteStateTopic = state };
        var bridge = here.Bridge(new MqttNetworkConnector(new Uri(FormattableString.Invariant($"mqtt://127.0.0.1:{mosquitto.Port}"))), options);
        await UntilAsync(() => bridge.Status.State == LinkState.Online);
        (await RetainedThereAsync(mosquitto, state)).ShouldBe("1");

        for (var i = 0; i < 10; i++) await here.PublishAsync("t/a", $"{i}");
        await PublishThereAsync(mosquitto, "t/b");
        for (var i = 0; i < 10; i++) (await here.HearAsync()).ShouldBe($"t/a {i}");
        (await here.HearAsync()).ShouldBe("t/b x");
        bridge.Status.Received.ShouldBe(1);

        await bridge.StopAsync();
        (await RetainedThereAsync(mosquitto, state)).ShouldBe("0");
    }

    private static async Task PublishThereAsync(Mosquitto mosquitto, string topic)
    {
        await using var client = await ClientAsync(mosquitto, (_, _) => new(Task.CompletedTask));
        var message = new MqttApplicationMessage(topic, "x"u8.ToArray()) { QualityOfService = QualityOfService.ExactlyOnce };
        (await client.PublishAsync(message, CancellationToken.None).WaitAsync(BridgeBox.Patience)).IsAccepted.ShouldBeTrue();
    }

    private static async Task<string> RetainedThereAsync(Mosquitto mosquitto, string topic)
    {
        var heard = Channel.CreateUnbounded<string>();
        await using var client = await ClientAsync(mosquitto, (incoming, _) =>
        {
            heard.Writer.TryWrite(Encoding.UTF8.GetString(incoming.Message.Payload.Span));
            return new(Task.CompletedTask);
        });
        await client.SubscribeAsync([new SubscriptionRequest { Filter = topic, QualityOfService = QualityOfService.ExactlyOnce }], identifier: 0, CancellationToken.None);
        using var limit = new CancellationTokenSource(BridgeBox.Patience);
        return await heard.Reader.ReadAsync(limit.Token);
    }

    private static Task<MqttClient> ClientAsync(Mosquitto mosquitto, MqttHandler handler) => MqttClient.ConnectAsync(
        new MqttClientOptions { ClientId = "", CleanStart = true },
        new MqttNetworkConnector(new Uri(FormattableString.Invariant($"mqtt://127.0.0.1:{mosquitto.Port}"))),
        new MemoryMqttSession(),
        handler,
        TimeProvider.System,
        CancellationToken.None);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(BridgeBox.Patience);
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
    }
}
