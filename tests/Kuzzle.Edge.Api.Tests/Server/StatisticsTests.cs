using System.Text.Json;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Tests.Server;

/// <summary>What the server counts, and what it tells of itself.</summary>
public sealed class StatisticsTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Frames_count_what_came_within_their_interval()
    {
        await _gateway.MustAsync("server:now");
        await _gateway.DoAsync("none:none");
        _gateway.Clock.Advance(TimeSpan.FromSeconds(10));

        var all = await _gateway.MustAsync("server:getAllStats");

        all.GetProperty("total").GetInt32().ShouldBe(2);
        var first = all.GetProperty("hits")[0];
        first.GetProperty("completedRequests").GetProperty("mqtt").GetInt32().ShouldBe(1);
        first.GetProperty("failedRequests").GetProperty("mqtt").GetInt32().ShouldBe(1);
        all.GetProperty("hits")[1].GetProperty("ongoingRequests").GetProperty("mqtt").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Frames_are_forgotten_when_they_are_too_old()
    {
        await _gateway.MustAsync("server:now");
        _gateway.Clock.Advance(TimeSpan.FromSeconds(10));
        await _gateway.MustAsync("server:now");
        _gateway.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(10));
        await _gateway.MustAsync("server:now");

        (await _gateway.MustAsync("server:getAllStats")).GetProperty("total").GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData("\"stopTime\":1", 0)]
    [InlineData("\"startTime\":\"1970-01-01\"", 1)]
    [InlineData("\"startTime\":9999999999999", 0)]
    public async Task Frames_are_chosen_by_time(string times, int total)
    {
        (await _gateway.MustAsync("server:getStats", times)).GetProperty("total").GetInt32().ShouldBe(total);
        (await _gateway.ErrorOfAsync("server:getStats", "\"startTime\":\"soon\"")).ShouldBe("api.assert.invalid_argument");
    }

    [Fact]
    public async Task Connections_are_counted_as_long_as_they_are_open()
    {
        var socket = new ClientConnection("websocket", remoteAddress: null);
        _gateway.Api.Connect(socket);
        _gateway.Api.Connect(socket);
        (await ConnectionsAsync()).GetProperty("websocket").GetInt32().ShouldBe(1);

        _gateway.Api.Disconnect(socket);
        _gateway.Api.Disconnect(socket);
        (await ConnectionsAsync()).TryGetProperty("websocket", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_connection_that_sends_too_much_is_slowed_until_the_next_second()
    {
        using var gateway = new Gateway(new ApiOptions { FreshRights = FreshRights.Open, Limits = new ApiLimits { RequestsPerSecond = 2 } });
        await gateway.MustAsync("server:now");
        await gateway.MustAsync("server:now");
        (await gateway.ErrorOfAsync("server:now")).ShouldBe("api.process.too_many_requests");
        await gateway.MustAsync("server:now", connection: new ClientConnection("mqtt", remoteAddress: null));

        gateway.Clock.Advance(TimeSpan.FromSeconds(1));

        await gateway.MustAsync("server:now");
    }

    [Fact]
    public async Task A_connection_cannot_take_all_rooms()
    {
        using var gateway = new Gateway(new ApiOptions { FreshRights = FreshRights.Open, Limits = new ApiLimits { SubscriptionsPerConnection = 1 } });
        await gateway.MustAsync("realtime:subscribe", "\"body\":{}");
        await gateway.MustAsync("realtime:subscribe", "\"body\":{}");
        (await gateway.ErrorOfAsync("realtime:subscribe", "\"body\":{\"exists\":\"a\"}")).ShouldBe("core.realtime.too_many_rooms");

        await gateway.MustAsync("realtime:subscribe", "\"body\":{\"exists\":\"a\"}", new ClientConnection("mqtt", remoteAddress: null));
    }

    [Fact]
    public async Task A_health_check_asks_what_it_is_asked_for()
    {
        var health = await _gateway.MustAsync("server:healthCheck", "\"services\":\"storageEngine, memoryStorage\"");

        health.GetProperty("services").EnumerateObject().Select(service => service.Name).ShouldBe(["memoryStorage", "storageEngine"]);
    }

    [Fact]
    public async Task Index_statistics_add_up()
    {
        await _gateway.MustAsync("collection:create");
        await _gateway.MustAsync("bulk:write", "\"_id\":\"1\",\"body\":{\"a\":1}");

        var stats = await _gateway.MustAsync("index:stats");

        stats.GetProperty("size").GetInt64().ShouldBe("""{"a":1}""".Length);
        stats.GetProperty("indexes")[0].GetProperty("collections")[0].GetProperty("documentCount").GetInt32().ShouldBe(1);
    }

    private async Task<JsonElement> ConnectionsAsync() => (await _gateway.MustAsync("server:metrics")).GetProperty("network").GetProperty("connections");
}
