using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Api.Tests.Outbox;

public sealed class SyncControllerTests : IDisposable
{
    private readonly Gateway _gateway = new();
    private readonly StubbornLink _link = new();

    public SyncControllerTests() => _gateway.Api.UseLink(_link, _link);

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("status")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("flush")]
    public async Task The_status_answers_what_asks_for_it_and_what_changes_it(string action)
    {
        (await _gateway.MustAsync($"edge/sync:{action}")).GetProperty("state").GetString().ShouldBe("online");

        _link.Asked.ShouldBe(action == "status" ? [] : [action]);
    }

    [Fact]
    public async Task What_counts_answers_a_number()
    {
        (await _gateway.MustAsync("edge/sync:retry")).GetRawText().ShouldBe("""{"retried":3}""");
        (await _gateway.MustAsync("edge/sync:drop")).GetRawText().ShouldBe("""{"dropped":2}""");
        (await _gateway.MustAsync("edge/sync:resync")).GetRawText().ShouldBe("""{"waiting":7}""");
    }

    [Fact]
    public async Task What_was_refused_for_good_is_listed()
    {
        var parked = (await _gateway.MustAsync("edge/sync:parked", "\"size\":5")).GetProperty("parked").EnumerateArray().ShouldHaveSingleItem();

        parked.GetRawText().ShouldBe("""{"index":"i","collection":"c","_id":"d4","reason":"as told","parkedAt":7}""");
        _link.Asked.ShouldBe(["parked 5"]);
    }

    [Theory]
    [InlineData("edge/sync:parked", "\"size\":1001", "api.assert.invalid_argument")]
    [InlineData("edge/sync:parked", "\"size\":\"x\"", "api.assert.invalid_type")]
    [InlineData("edge/sync:resync", "\"collection\":\"unknown\"", "services.storage.unknown_collection")]
    [InlineData("edge/sync:resync", "\"collection\":null", "api.assert.missing_argument")]
    [InlineData("edge/sync:nothing", "", "api.process.action_not_found")]
    public async Task What_is_asked_wrongly_is_refused_by_name(string name, string members, string id) => (await _gateway.ErrorOfAsync(name, members)).ShouldBe(id);

    [Fact]
    public async Task A_pause_that_cannot_be_kept_is_not_called_one()
    {
        _link.HasDisk = false;

        (await _gateway.ErrorOfAsync("edge/sync:pause")).ShouldBe("services.storage.unexpected_error");
    }

    [Fact]
    public async Task Without_an_upstream_no_action_is_there()
    {
        using var alone = new Gateway();

        (await alone.ErrorOfAsync("edge/sync:status")).ShouldBe("api.process.action_not_found");
        (await alone.MustAsync("server:healthCheck")).GetProperty("services").TryGetProperty("upstream", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Who_is_nobody_in_particular_has_no_right_to_it()
    {
        using var closed = new Gateway(new ApiOptions { FreshRights = FreshRights.Restricted });
        closed.Api.UseLink(_link);

        (await closed.ErrorOfAsync("edge/sync:status")).ShouldBe("security.rights.unauthorized");
    }

    [Theory]
    [InlineData(SyncHealthLevel.Good, 200, "green")]
    [InlineData(SyncHealthLevel.Waiting, 200, "orange")]
    [InlineData(SyncHealthLevel.Broken, 500, "red")]
    public async Task The_health_tells_of_the_link(SyncHealthLevel level, int status, string colour)
    {
        _link.Health = new SyncHealth(level, "as told");

        var answer = await _gateway.DoAsync("server:healthCheck");

        answer.GetProperty("status").GetInt32().ShouldBe(status);
        answer.GetProperty("result").GetProperty("services").GetProperty("upstream").GetString().ShouldBe(colour);
    }

    [Fact]
    public async Task A_published_message_is_relayed_before_anybody_is_told()
    {
        var channel = (await _gateway.MustAsync("realtime:subscribe", "\"body\":{}")).GetProperty("channel").GetString()!;

        await _gateway.MustAsync("realtime:publish", """ "_id":"m1","body":{"n":1} """);
        _gateway.Sink.TakeFrom(channel).ShouldHaveSingleItem();
        _link.Relayed.ShouldBe(["""i/c/m1 {"n":1}"""]);

        _link.HasDisk = false;
        (await _gateway.ErrorOfAsync("realtime:publish", "\"body\":{\"n\":2}")).ShouldBe("services.storage.unexpected_error");
        _gateway.Sink.TakeFrom(channel).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_upstream_said_is_told_here_and_not_relayed()
    {
        var channel = (await _gateway.MustAsync("realtime:subscribe", "\"body\":{}")).GetProperty("channel").GetString()!;

        _gateway.Api.Tell(new CollectionName("i", "c"), "m1", JsonElement.Parse("""{"n":1}"""));

        _gateway.Sink.TakeFrom(channel).ShouldHaveSingleItem().GetProperty("result").GetRawText().ShouldBe("""{"_id":"m1","_source":{"n":1}}""");
        _link.Relayed.ShouldBeEmpty();

        await _gateway.Api.PublishAsync(new CollectionName("i", "c"), "m2", JsonElement.Parse("""{"n":2}"""), CancellationToken.None);
        _gateway.Sink.TakeFrom(channel).ShouldHaveSingleItem();
        _link.Relayed.ShouldBe(["""i/c/m2 {"n":2}"""]);
    }
}
