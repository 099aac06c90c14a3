using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Health;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Tests.Health;

public sealed class BrokerProbeTests
{
    [Fact]
    public async Task A_broker_that_works_answers_again_and_again()
    {
        await using var broker = new MqttBroker(new MqttBrokerOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        await using var probe = new BrokerProbe(broker);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await probe.StartAsync(limit.Token);

        for (var round = 0; round < 3; round++)
        {
            var answer = probe.AnswerAsync(limit.Token);
            await answer;
            answer.IsCompletedSuccessfully.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_broker_that_has_stopped_does_not()
    {
        await using var broker = new MqttBroker(new MqttBrokerOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        await using var probe = new BrokerProbe(broker);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await probe.StartAsync(limit.Token);

        await broker.StopAsync(limit.Token);

        await Should.ThrowAsync<InvalidOperationException>(() => probe.AnswerAsync(limit.Token));
    }
}
