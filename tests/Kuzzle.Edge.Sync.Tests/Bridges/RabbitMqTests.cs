using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Sync.Tests.Bridges;

public sealed class RabbitMqTests
{
    /// <summary>Debian 12's RabbitMQ (3.10) speaks 3.1.1 and has no QoS 2.</summary>
    [RabbitMqTheory]
    [InlineData(21)]
    public async Task Traffic_both_ways_survives_kills_of_RabbitMQ_and_of_the_bridge(int seed)
    {
        await using var rabbit = new RabbitMq();
        await rabbit.StartAsync();

        await new BridgeProof(new Uri(FormattableString.Invariant($"mqtt://127.0.0.1:{rabbit.Port}")), MqttVersion.V311, QualityOfService.AtLeastOnce, seed).RunAsync(async () =>
        {
            await rabbit.KillAsync();
            await rabbit.StartAsync();
        });
    }
}
