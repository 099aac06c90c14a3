using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Devices;
using Kuzzle.Edge.Devices.Provisioning;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sync.Tests.Retention;

public sealed class EventRetentionTests
{
    private static readonly CollectionName Events = new("plant", "events");

    [Theory]
    [InlineData("""{"maxAge":3600}""", 0)]
    [InlineData("""{"maxCount":1}""", 1)]
    public async Task Old_events_go_here_only_when_the_upstream_has_them_and_stay_there(string retention, int kept)
    {
        await using var gateway = await TestGateway.StartAsync(store => store with { RouteOf = name => new UpstreamRoute(GoesUp: name == Events) });
        var clock = new ManualClock();
        clock.Set(TimeProvider.System.GetUtcNow());
        await using var devices = new EdgeDevices(gateway.Api, new DeviceOptions { PasswordIterations = 10 }, new TrustedWallClock(), clock, NullLoggerFactory.Instance);
        await devices.OpenAsync(DeclaredRegistry.Empty, CancellationToken.None);
        await gateway.MustAsync($$$"""{"controller":"edge/applications","action":"create","_id":"plant","body":{"edge":{"store":"all","retention":{{{retention}}} } } }""");
        await gateway.MustAsync("""{"controller":"edge/devices","action":"create","application":"plant","_id":"pump","body":{} }""");
        for (var n = 0; n < 4; n++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await SayAsync(gateway, devices, clock, n);
        }

        var outbox = gateway.Store.Outbox;
        await outbox.RemoveAsync(await outbox.PeekAsync(3, int.MinValue, CancellationToken.None), CancellationToken.None);
        clock.Advance(TimeSpan.FromHours(2));
        await UntilAsync(clock, async () => await CountAsync(gateway) == 1);
        (await gateway.DocumentsAsync("plant", "events")).Single().Value.ShouldContain("\"value\":3");
        (await outbox.PeekAsync(10, int.MinValue, CancellationToken.None)).ShouldHaveSingleItem().Document.ShouldNotBeNull();

        await outbox.RemoveAsync(await outbox.PeekAsync(3, int.MinValue, CancellationToken.None), CancellationToken.None);
        await UntilAsync(clock, async () => await CountAsync(gateway) == kept);
        (await outbox.CountAsync(CancellationToken.None)).ShouldBe(0);
    }

    private static async Task<int> CountAsync(TestGateway gateway) => (await gateway.DocumentsAsync("plant", "events")).Count;

    private static async Task SayAsync(TestGateway gateway, EdgeDevices devices, TimeProvider clock, int value)
    {
        var application = await gateway.MustAsync("""{"controller":"edge/applications","action":"get","_id":"plant"}""");
        var device = await gateway.MustAsync("""{"controller":"edge/devices","action":"get","application":"plant","_id":"pump"}""");
        var uid = device.GetProperty("_source").GetProperty("metadata").GetProperty("uid").GetString()!;
        var json = $$"""{"value":{{value}}}""";
        await devices.Events.AcceptAsync(
            new DeviceEvent
            {
                Application = "plant",
                ApplicationUid = application.GetProperty("_source").GetProperty("metadata").GetProperty("uid").GetString()!,
                Device = "pump",
                DeviceUid = uid,
                Sender = "pump",
                SenderUid = uid,
                Channel = "temp",
                Time = clock.GetUtcNow(),
                Payload = Encoding.UTF8.GetBytes(json),
                Data = JsonElement.Parse(json),
                DataContentType = "application/json",
            },
            CancellationToken.None);
    }

    private static async Task UntilAsync(ManualClock clock, Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
