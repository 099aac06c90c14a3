using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Client.Connectors;
using Kuzzle.Edge.Sync.Bridges;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

/// <summary>
/// Traffic in both directions between a box and a broker that others wrote, while that broker goes and returns, and the bridge is killed: what was acknowledged anywhere arrives, in the
/// order in which it first came, and at QoS 2 once.
/// </summary>
internal sealed class BridgeProof(Uri url, MqttVersion version, QualityOfService qos, int seed)
{
    private const int Messages = 400;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    private readonly Random _random = new(seed);

    /// <param name="outage">Ends the other broker and starts it again.</param>
    public async Task RunAsync(Func<Task> outage)
    {
        await using var there = new ForeignSide(url, version, $"observer{seed}", "out/#", qos);
        await there.ConnectedAsync();
        await using var here = await BridgeBox.StartAsync("here");
        BridgeTopic[] topics =
        [
            new("out/#", BridgeDirection.Out) { QualityOfService = qos },
            new("in/#", BridgeDirection.In) { QualityOfService = qos },
        ];
        var door = new SwitchedConnector(new MqttNetworkConnector(url));
        var bridge = here.Bridge(door, version, topics);
        await UntilAsync(() => bridge.Status.State == LinkState.Online);

        var publishing = Task.WhenAll(
            Task.Run(() => PublishAsync(number => here.PublishAsync("out/a", number, qos))), Task.Run(() => PublishAsync(number => there.PublishAsync("in/a", number, qos))));
        for (var blow = 0; blow < 6; blow++)
        {
            await Task.Delay(_random.Next(50, 800));
            if (blow % 3 == 2)
            {
                await outage();
            }
            else
            {
                await here.KillAsync(bridge, door);
                bridge = here.Bridge(door, version, topics);
            }
        }

        await publishing.WaitAsync(Limit);
        await UntilAsync(() => there.Heard.Distinct().Count() == Messages);
        var heardHere = new List<string>();
        while (heardHere.Distinct().Count() < Messages)
        {
            var heard = await here.HearAsync();
            if (heard.StartsWith("in/a ", StringComparison.Ordinal)) heardHere.Add(heard["in/a ".Length..]);
        }

        await UntilAsync(() => here.Home!.Waiting == 0 && bridge.Status.State == LinkState.Online);
        while (here.Unheard > 0 && await here.HearAsync() is var late)
            if (late.StartsWith("in/a ", StringComparison.Ordinal)) heardHere.Add(late["in/a ".Length..]);

        var expected = Enumerable.Range(0, Messages).Select(number => $"{number}").ToArray();
        Check(there.Heard, expected);
        Check(heardHere, expected);
    }

    private void Check(IReadOnlyList<string> heard, string[] expected)
    {
        heard.Distinct().ShouldBe(expected, ignoreOrder: false, $"seed {seed}");
        if (qos == QualityOfService.ExactlyOnce) heard.Count.ShouldBe(expected.Length, $"seed {seed}");
    }

    private static async Task PublishAsync(Func<string, Task> publish)
    {
        for (var number = 0; number < Messages; number++) await publish($"{number}");
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }
}
