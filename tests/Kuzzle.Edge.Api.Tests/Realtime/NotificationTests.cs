using System.Text.Json;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Tests.Realtime;

public sealed class NotificationTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task A_document_notification_has_its_members_in_the_order_of_the_real_server()
    {
        var channel = await PrepareAsync("{}");

        await _gateway.MustAsync("document:create", """ "_id":"x","body":{"a":1},"requestId":"r","volatile":{"v":1} """);

        var notification = _gateway.Sink.TakeFrom(channel).ShouldHaveSingleItem();
        notification.EnumerateObject().Select(member => member.Name).ShouldBe(
        [
            "type", "status", "action", "scope", "result", "node", "event", "requestId", "timestamp", "volatile", "index", "collection", "controller", "protocol",
        ]);
        notification.GetProperty("requestId").GetString().ShouldBe("r");
        notification.GetProperty("volatile").ToString().ShouldBe("""{"v":1}""");
    }

    [Theory]
    [InlineData("document:create", """ "_id":"new","body":{"a":1} """, "create", "in")]
    [InlineData("document:createOrReplace", """ "_id":"old","body":{"a":1} """, "replace", "in")]
    [InlineData("document:replace", """ "_id":"old","body":{"a":1} """, "replace", "in")]
    [InlineData("document:replace", """ "_id":"old","body":{"b":1} """, "replace", "out")]
    [InlineData("document:update", """ "_id":"old","body":{"b":1} """, "update", "in")]
    [InlineData("document:update", """ "_id":"old","body":{"a":2} """, "update", "out")]
    [InlineData("document:upsert", """ "_id":"new","body":{"changes":{"a":1}} """, "create", "in")]
    [InlineData("document:deleteFields", """ "_id":"old","body":{"fields":["a"]} """, "update", "out")]
    [InlineData("document:delete", """ "_id":"old" """, "delete", "out")]
    [InlineData("document:mUpsert", """ "body":{"documents":[{"_id":"new","changes":{"a":1}}]} """, "create", "in")]
    [InlineData("document:mDelete", """ "body":{"ids":["old"]} """, "delete", "out")]
    [InlineData("document:updateByQuery", """ "body":{"query":{"term":{"a":1}},"changes":{"a":2}} """, "update", "out")]
    [InlineData("document:deleteByQuery", """ "body":{"query":{"term":{"a":1}}} """, "delete", "out")]
    [InlineData("bulk:write", """ "_id":"old","body":{"a":1},"notify":true """, "replace", "in")]
    [InlineData("realtime:publish", """ "body":{"a":1} """, "publish", "in")]
    public async Task An_action_is_told_by_its_effect(string action, string members, string told, string scope)
    {
        var channel = await PrepareAsync("""{"equals":{"a":1}}""");
        await _gateway.MustAsync("document:create", """ "_id":"old","body":{"a":1} """);
        _gateway.Sink.Sent.Clear();

        await _gateway.MustAsync(action, members);

        var notification = _gateway.Sink.TakeFrom(channel).ShouldHaveSingleItem();
        notification.GetProperty("action").GetString().ShouldBe(told);
        notification.GetProperty("scope").GetString().ShouldBe(scope);
    }

    [Theory]
    [InlineData("document:create", """ "body":{"a":1},"silent":true """)]
    [InlineData("document:mDelete", """ "body":{"ids":["old"]},"silent":true """)]
    [InlineData("document:deleteByQuery", """ "body":{},"silent":true """)]
    [InlineData("bulk:write", """ "_id":"old","body":{"a":1} """)]
    [InlineData("bulk:import", """ "body":{"bulkData":[{"index":{}},{"a":1}]} """)]
    [InlineData("bulk:updateByQuery", """ "body":{"query":{},"changes":{"a":2}} """)]
    [InlineData("bulk:deleteByQuery", """ "body":{"query":{}} """)]
    [InlineData("collection:truncate", "")]
    public async Task What_is_silent_is_not_told(string action, string members)
    {
        await PrepareAsync("{}");
        await _gateway.MustAsync("document:create", """ "_id":"old","body":{"a":1} """);
        _gateway.Sink.Sent.Clear();

        await _gateway.MustAsync(action, members);

        _gateway.Sink.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_document_that_left_long_ago_leaves_silently()
    {
        var channel = await PrepareAsync("""{"equals":{"a":1}}""");
        await _gateway.MustAsync("document:create", """ "_id":"x","body":{"a":1} """);
        _gateway.Sink.Sent.Clear();
        _gateway.Clock.Advance(TimeSpan.FromHours(73));

        await _gateway.MustAsync("document:update", """ "_id":"x","body":{"a":2} """);

        _gateway.Sink.TakeFrom(channel).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_document_outside_the_filter_is_deleted_silently()
    {
        var channel = await PrepareAsync("""{"equals":{"a":1}}""");
        await _gateway.MustAsync("document:create", """ "_id":"x","body":{"a":2} """);

        await _gateway.MustAsync("document:delete", """ "_id":"x" """);

        _gateway.Sink.TakeFrom(channel).ShouldBeEmpty();
    }

    [Fact]
    public async Task Notifications_of_many_writers_come_in_the_order_of_the_versions()
    {
        var channel = await PrepareAsync("{}");
        await _gateway.MustAsync("document:create", """ "_id":"x","body":{"n":-1} """);
        _gateway.Sink.Sent.Clear();

        await Parallel.ForAsync(0, 200, async (i, _) => await _gateway.MustAsync("document:createOrReplace", $$""" "_id":"x","body":{"n":{{i}}} """));

        var versions = _gateway.Sink.TakeFrom(channel).ConvertAll(notification => notification.GetProperty("result").GetProperty("_version").GetInt64());
        versions.ShouldBe(Enumerable.Range(2, 200).Select(version => (long)version));
    }

    [Theory]
    [InlineData("in", """["in"]""")]
    [InlineData("out", """["out"]""")]
    [InlineData("all", """["in","out"]""")]
    [InlineData("none", "[]")]
    public async Task A_channel_carries_the_scope_that_was_asked_for(string scope, string heard)
    {
        var channel = await PrepareAsync("""{"equals":{"a":1}}""", $",\"scope\":\"{scope}\"");
        await _gateway.MustAsync("document:create", """ "_id":"x","body":{"a":1} """);
        await _gateway.MustAsync("document:update", """ "_id":"x","body":{"a":2} """);

        var scopes = _gateway.Sink.TakeFrom(channel).ConvertAll(notification => notification.GetProperty("scope").GetString());

        JsonSerializer.Serialize(scopes).ShouldBe(heard);
    }

    [Fact]
    public async Task Who_comes_and_goes_is_told_with_the_metadata_of_the_coming()
    {
        var channel = await PrepareAsync("{}", ",\"users\":\"all\"");
        var other = new ClientConnection("mqtt", remoteAddress: null);

        await _gateway.MustAsync("realtime:subscribe", """ "body":{},"volatile":{"who":"B"} """, other);
        await _gateway.MustAsync("realtime:subscribe", """ "body":{},"volatile":{"who":"again"} """, other);
        _gateway.Api.Disconnect(other);
        _gateway.Api.Disconnect(other);

        var told = _gateway.Sink.TakeFrom(channel);
        told.ConvertAll(notification => notification.GetProperty("user").GetString()).ShouldBe(["in", "out"]);
        told.ConvertAll(notification => notification.GetProperty("result").GetProperty("count").GetInt32()).ShouldBe([2, 1]);
        told.ConvertAll(notification => notification.GetProperty("volatile").GetProperty("who").GetString()).ShouldBe(["B", "B"]);
        told[1].EnumerateObject().Select(member => member.Name).ShouldBe(
            ["type", "status", "user", "result", "node", "timestamp", "volatile", "index", "collection", "controller", "action", "protocol"]);
    }

    [Fact]
    public async Task A_room_dies_with_its_last_connection()
    {
        var channel = await PrepareAsync("{}");
        var roomId = channel[..64];

        _gateway.Api.Disconnect(_gateway.Connection);

        _gateway.Sink.Joined.ShouldBeEmpty();
        (await _gateway.MustAsync("realtime:count", $$""" "body":{"roomId":"{{roomId}}"} """)).GetProperty("count").GetInt32().ShouldBe(0);
        (await _gateway.ErrorOfAsync("realtime:join", $$""" "body":{"roomId":"{{roomId}}"} """)).ShouldBe("core.realtime.room_not_found");
    }

    [Theory]
    [InlineData("", "-311")]
    [InlineData(""","users":"all" """, "-111")]
    [InlineData(""","users":"in" """, "-211")]
    [InlineData(""","users":"out" """, "-411")]
    [InlineData(""","scope":"in" """, "-312")]
    [InlineData(""","scope":"out" """, "-313")]
    [InlineData(""","scope":"none" """, "-31")]
    public async Task A_channel_says_in_digits_what_it_carries(string options, string digits) => (await PrepareAsync("{}", options))[64..].ShouldBe(digits);

    [Fact]
    public async Task Rooms_have_a_bound()
    {
        using var small = new Gateway(new ApiOptions { FreshRights = FreshRights.Open, Limits = new ApiLimits { SubscriptionRooms = 1 } });
        await small.MustAsync("realtime:subscribe", """ "body":{} """);
        await small.MustAsync("realtime:subscribe", """ "body":{},"scope":"in" """);

        var refused = await small.DoAsync("realtime:subscribe", """ "body":{"exists":"a"} """);

        refused.GetProperty("status").GetInt32().ShouldBe(413);
        refused.GetProperty("error").GetProperty("id").GetString().ShouldBe("core.realtime.too_many_rooms");
    }

    private async Task<string> PrepareAsync(string filter, string options = "")
    {
        await _gateway.MustAsync("collection:create");
        return (await _gateway.MustAsync("realtime:subscribe", $"\"body\":{filter}{options}")).GetProperty("channel").GetString()!;
    }
}
