using Kuzzle.Edge.Testing;
using static Kuzzle.Edge.Protocols.Tests.KuzzleV2.Requests;

namespace Kuzzle.Edge.Protocols.Tests.KuzzleV2;

/// <summary>What becomes of a connection's rooms and requests when it ends: kuzzle-mqtt.md 1.9.</summary>
public sealed class DisconnectionTests
{
    [Fact]
    public async Task The_rooms_of_a_connection_outlive_it_by_the_delay()
    {
        var clock = new ManualClock();
        await using var gateway = new MqttGateway(clock: clock);
        var watcher = await gateway.ConnectAsync();
        var channel = await watcher.JoinAsync(extra: ",\"users\":\"all\"");
        await watcher.SubscribeAsync((channel, 0));
        var leaver = await gateway.ConnectAsync();
        await leaver.JoinAsync();
        ((string?)(await watcher.ReadPublishAsync()).Json["user"]).ShouldBe("in");

        await leaver.DieAsync();
        await gateway.WhenGoneAsync(leaver);
        clock.Advance(TimeSpan.FromMilliseconds(249));
        await watcher.ShouldHearNothingAsync();
        clock.Advance(TimeSpan.FromMilliseconds(1));

        var notification = (await watcher.ReadPublishAsync()).Json;
        ((string?)notification["user"]).ShouldBe("out");
        ((int?)notification["result"]!["count"]).ShouldBe(1);
    }

    [Fact]
    public async Task Requests_that_were_acknowledged_are_executed_although_their_client_has_gone()
    {
        await using var gateway = new MqttGateway(new() { DisconnectDelay = TimeSpan.Zero });
        var watcher = await gateway.ConnectAsync();
        await watcher.AskAsync("""{"controller":"index","action":"create","index":"i","requestId":"0"}""");
        await watcher.AskAsync("""{"controller":"collection","action":"create","index":"i","collection":"c","body":{},"requestId":"1"}""");

        var hasty = await gateway.ConnectAsync();
        for (var i = 0; i < 300; i++)
        {
            await hasty.PublishAsync(RequestTopic, $$"""{"controller":"document","action":"create","body":{"n":{{i}}},"index":"i","collection":"c"}""", qos: 1);
        }

        await hasty.DisconnectAsync();
        await gateway.WhenGoneAsync(hasty);
        await gateway.Profile.DrainAsync(CancellationToken.None);

        (await CountAsync(gateway)).ShouldBe(300);
    }

    [Fact]
    public async Task While_draining_new_requests_are_refused_by_name_and_wills_are_still_executed()
    {
        await using var gateway = new MqttGateway();
        var watcher = await gateway.ConnectAsync();
        var channel = await watcher.JoinAsync();
        await watcher.SubscribeAsync((channel, 0));
        var dying = await gateway.ConnectAsync(will: (RequestTopic, Publish("w1", "last words")));

        await gateway.Profile.DrainAsync(CancellationToken.None);
        var answer = await watcher.AskAsync(Now("late"));
        await dying.DieAsync();

        ((int?)answer["status"]).ShouldBe(503);
        ((string?)answer["error"]!["id"]).ShouldBe("network.entrypoint.shutting_down");
        ((string?)answer["requestId"]).ShouldBe("late");
        ((string?)(await watcher.ReadPublishAsync()).Json["requestId"]).ShouldBe("w1");
    }

    private static async Task<long> CountAsync(MqttGateway gateway)
    {
        var connection = new Kuzzle.Edge.Api.Requests.ClientConnection("internal", null);
        var request = TestApi.Request("""{"controller":"document","action":"count","index":"i","collection":"c"}""", connection);
        var response = await gateway.Api.ExecuteAsync(request, CancellationToken.None);
        return (long)response.Result!["count"]!;
    }
}
