using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Sqlite;
using Kuzzle.Edge.Sync.Bridges;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Testing.Lines;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

public sealed class ExactlyOnceTests
{
    private static readonly BridgeTopic Out = new("out/#", BridgeDirection.Out) { QualityOfService = QualityOfService.ExactlyOnce };
    private static readonly BridgeTopic In = new("in/#", BridgeDirection.In) { QualityOfService = QualityOfService.ExactlyOnce };

    public static TheoryData<int> Seeds => ChaosRounds.Seeds(4);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_is_cut_or_killed_each_message_arrives_once_and_in_order(int seed)
    {
        var version = seed % 2 == 0 ? MqttVersion.V5 : MqttVersion.V311;
        var random = new Random(seed);
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        var bridge = here.Bridge(there, version, Out, In);
        await OnlineAsync(bridge);
        const int Rounds = 12, Messages = 25;

        for (var round = 0; round < Rounds; round++)
        {
            var publishing = Task.WhenAll(PublishAsync(here, "out/a", round), PublishAsync(there, "in/a", round));
            for (var blow = random.Next(1, 4); blow > 0; blow--)
            {
                for (var turns = random.Next(0, 400); turns > 0; turns--) await Task.Yield();
                switch (random.Next(3))
                {
                    case 0:
                        there.Door.Cut();
                        there.Door.Mend();
                        break;
                    case 1:
                        here.Home!.Door.Cut();
                        here.Home.Door.Mend();
                        break;
                    default:
                        await here.KillAsync(bridge, there.Door);
                        bridge = here.Bridge(there, version, Out, In);
                        break;
                }
            }

            await publishing;
        }

        var expected = Enumerable.Range(0, Rounds * Messages).Select(number => $"{number}").ToArray();
        (await HeardAsync(there, "out/a ", expected.Length)).ShouldBe(expected, ignoreOrder: false, $"seed {seed}");
        (await HeardAsync(here, "in/a ", expected.Length)).ShouldBe(expected, ignoreOrder: false, $"seed {seed}");
        await SettledAsync(bridge, here);
        while (there.Unheard > 0 && await there.HearAsync() is var own) own.ShouldStartWith("in/a ");
        there.Unheard.ShouldBe(0);
        here.Unheard.ShouldBe(0);

        static async Task PublishAsync(BridgeBox box, string topic, int round)
        {
            for (var number = 0; number < Messages; number++) await box.PublishAsync(topic, $"{(round * Messages) + number}", QualityOfService.ExactlyOnce);
        }
    }

    [Fact]
    public async Task What_the_other_side_still_owns_of_an_earlier_box_does_not_swallow_a_new_message()
    {
        await using var there = await BridgeBox.StartAsync("there");
        for (var box = 0; box < 5; box++)
        {
            // Each is a new one under the old name, as after the loss of a card; the other side remembers.
            await using var here = await BridgeBox.StartAsync("here");
            var bridge = here.Bridge(there, MqttVersion.V5, Out);
            await OnlineAsync(bridge);
            var publishing = Enumerable.Range(0, 10).Select(number => here.PublishAsync("out/a", $"{box}.{number}", QualityOfService.ExactlyOnce)).ToArray();
            for (var turns = 100 * box; turns > 0; turns--) await Task.Yield();
            await here.KillAsync(bridge, there.Door);
            await Task.WhenAll(publishing);

            bridge = here.Bridge(there, MqttVersion.V5, Out);
            await UntilAsync(() => here.Home!.Waiting == 0 && bridge.Status.State == LinkState.Online);
        }

        // What was acknowledged here before its box was thrown away has arrived.
        var heard = (await HeardAsync(there, "out/a ", 50)).ToHashSet();
        heard.Count.ShouldBe(50);
        there.Unheard.ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_was_being_sent_when_the_gateway_ended_arrives_once_when_it_is_back()
    {
        var directory = Directory.CreateTempSubdirectory("bridge");
        try
        {
            await using var there = await BridgeBox.StartAsync("there");
            for (var start = 0; start < 4; start++)
            {
                await using var here = await BridgeBox.StartAsync("here", SqliteBrokerStore.Open(new SqliteBrokerStoreOptions { Directory = directory.FullName }, NullLoggerFactory.Instance));
                var bridge = here.Bridge(there, MqttVersion.V5, Out);
                if (start == 0) await OnlineAsync(bridge); // From now on it has subscribed.
                for (var number = 0; number < 10; number++) await here.PublishAsync("out/a", $"{(10 * start) + number}", QualityOfService.ExactlyOnce);
                await here.KillAsync(bridge, there.Door);
            }

            await using var last = await BridgeBox.StartAsync("here", SqliteBrokerStore.Open(new SqliteBrokerStoreOptions { Directory = directory.FullName }, NullLoggerFactory.Instance));
            last.Bridge(there, MqttVersion.V5, Out);

            (await HeardAsync(there, "out/a ", 40)).ShouldBe(Enumerable.Range(0, 40).Select(number => $"{number}"));
            await UntilAsync(() => last.Home!.Waiting == 0);
            there.Unheard.ShouldBe(0);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_rule_of_lower_quality_ends_the_exchange_where_it_came_from()
    {
        await using var there = await BridgeBox.StartAsync("there");
        await using var here = await BridgeBox.StartAsync("here");
        var bridge = here.Bridge(
            there,
            MqttVersion.V5,
            new BridgeTopic("out/low/#", BridgeDirection.Out) { QualityOfService = QualityOfService.AtMostOnce },
            new BridgeTopic("out/mid/#", BridgeDirection.Out) { QualityOfService = QualityOfService.AtLeastOnce },
            Out);
        await OnlineAsync(bridge);

        foreach (var topic in (string[])["out/low/a", "out/mid/a", "out/a"])
        {
            await here.PublishAsync(topic, "x", QualityOfService.ExactlyOnce);
            (await there.HearAsync()).ShouldBe($"{topic} x");
        }

        await UntilAsync(() => here.Home!.Waiting == 0);
        bridge.Status.Sent.ShouldBe(3);
    }

    private static async Task<List<string>> HeardAsync(BridgeBox box, string beginning, int count)
    {
        var heard = new List<string>();
        while (heard.Count < count)
        {
            string message;
            try
            {
                message = await box.HearAsync();
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"Of {count} messages {heard.Count} were heard: {string.Join(' ', heard)}", late);
            }

            if (message.StartsWith(beginning, StringComparison.Ordinal)) heard.Add(message[beginning.Length..]);
        }

        return heard;
    }

    /// <summary>Nothing is under way any more: a last message has gone each way behind all others.</summary>
    private static async Task SettledAsync(MqttBridge bridge, BridgeBox here)
    {
        await UntilAsync(() => bridge.Status.State == LinkState.Online && here.Home!.Waiting == 0);
        while (here.Unheard > 0 && await here.HearAsync() is var heard) heard.ShouldStartWith("out/a ");
    }

    private static Task OnlineAsync(MqttBridge bridge) => UntilAsync(() => bridge.Status.State == LinkState.Online);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(BridgeBox.Patience);
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
    }
}
