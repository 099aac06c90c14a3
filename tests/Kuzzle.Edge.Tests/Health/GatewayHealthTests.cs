using Kuzzle.Edge.Composition;
using Kuzzle.Edge.Health;
using Kuzzle.Edge.Logging;
using Kuzzle.Edge.Systemd;
using Kuzzle.Edge.Tests.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Tests.Health;

/// <summary>What the watchdog of a whole gateway asks.</summary>
public sealed class GatewayHealthTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Store_broker_and_sensors_are_asked_and_answer()
    {
        var configuration = _folder.With("kuzzlerc", $$"""
            {
              "server": { "host": "127.0.0.1", "port": 0, "protocols": { "mqtt": { "server": { "host": "127.0.0.1", "port": 0 } } } },
              "storage": { "path": "{{Path.Combine(_folder.Path, "data")}}" },
              "sensors": [ { "name": "room", "source": "simulated", "interval": "1s" } ]
            }
            """).Read();
        var board = new ConditionBoard(TimeProvider.System, NullLogger<ConditionBoard>.Instance);
        using var inherited = InheritedSockets.Of(new Dictionary<string, string>(StringComparer.Ordinal));
        var appliance = new Appliance(() => configuration.Description, board, new LogRing(() => false), () => { });
        await using var gateway = await Gateway.StartAsync(configuration, appliance, inherited, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);

        var checks = gateway.ShouldNotBeNull().HealthChecks;

        checks.Select(check => check.Name).ShouldBe(["the store's writer", "the store's reader", "the broker", "the sensors"]);
        foreach (var check in checks)
        {
            var answer = check.AnswerAsync(CancellationToken.None);
            await answer.WaitAsync(TimeSpan.FromSeconds(60));
            answer.IsCompletedSuccessfully.ShouldBeTrue(check.Name);
        }

        gateway.FindConditions().ShouldNotContain(condition => condition.Name != "clock" && condition.Name != "room");
        var aside = Path.Combine(_folder.Path, "data", "documents.db.newer-20260102T030405Z");
        await File.WriteAllTextAsync(aside, "");
        gateway.FindConditions().ShouldContain(condition => condition.Name == Path.GetFileName(aside) && condition.Message.Contains("set aside on 2026-01-02 03:04Z", StringComparison.Ordinal));
    }
}
