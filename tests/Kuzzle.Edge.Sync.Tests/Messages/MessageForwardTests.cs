using System.Text.Json;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Messages;
using Kuzzle.Edge.Sync.Rules;

namespace Kuzzle.Edge.Sync.Tests.Messages;

public sealed class MessageForwardTests
{
    [Fact]
    public async Task Messages_that_must_arrive_wait_on_the_disk_and_arrive_in_their_order()
    {
        await using var pair = await CreateAsync(MessagePolicy.StoreAndForward);
        await using var cloud = await Subscriber.ToAsync(pair.Cloud, "plant", "tasks");
        for (var n = 0; n < 100; n++) await PublishAsync(pair.Edge, n);
        (await pair.Link.DescribeAsync(CancellationToken.None))["backlog"]!["messages"]!.GetValue<long>().ShouldBe(100);

        pair.Link.Start();

        for (var n = 0; n < 100; n++)
        {
            var heard = await cloud.NextAsync();
            heard.GetProperty("result").GetProperty("_source").GetProperty("n").GetInt32().ShouldBe(n);
            heard.GetProperty("volatile").GetProperty(MessageForward.KeyMember).GetString().ShouldNotBeNullOrEmpty();
            heard.GetProperty("volatile").GetProperty(MessageForward.PublishedAtMember).GetInt64().ShouldBeGreaterThan(0);
        }

        await pair.UntilAsync(async () => (await pair.Link.DescribeAsync(CancellationToken.None))["backlog"]!["messages"]!.GetValue<long>() == 0);
        cloud.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Messages_that_wait_outlive_the_link_that_kept_them()
    {
        await using var pair = await CreateAsync(MessagePolicy.StoreAndForward);
        await using var cloud = await Subscriber.ToAsync(pair.Cloud, "plant", "tasks");
        await PublishAsync(pair.Edge, 1, """, "_id": "call-7" """);

        await using var next = pair.LinkAgain();
        next.Start();

        (await cloud.NextAsync()).GetProperty("result").GetProperty("_id").GetString().ShouldBe("call-7");
    }

    [Fact]
    public async Task When_too_many_wait_the_oldest_make_room_and_are_counted()
    {
        await using var pair = await CreateAsync(MessagePolicy.StoreAndForward, options => options with { Messages = new MessageOptions { MaxCount = 10 } });
        await using var cloud = await Subscriber.ToAsync(pair.Cloud, "plant", "tasks");
        for (var n = 0; n < 25; n++) await PublishAsync(pair.Edge, n);
        var described = await pair.Link.DescribeAsync(CancellationToken.None);
        described["backlog"]!["messages"]!.GetValue<long>().ShouldBe(10);
        described["messages"]!["dropped"]!.GetValue<long>().ShouldBe(15);

        pair.Link.Start();

        (await cloud.NextAsync()).GetProperty("result").GetProperty("_source").GetProperty("n").GetInt32().ShouldBe(15);
    }

    [Fact]
    public async Task Messages_that_need_not_arrive_travel_while_the_link_is_online()
    {
        await using var pair = await CreateAsync(MessagePolicy.Forward);
        await using var cloud = await Subscriber.ToAsync(pair.Cloud, "plant", "tasks");
        await PublishAsync(pair.Edge, 1);

        pair.Link.Start();
        await pair.StateAsync(LinkState.Online);
        await PublishAsync(pair.Edge, 2);

        (await cloud.NextAsync()).GetProperty("result").GetProperty("_source").GetProperty("n").GetInt32().ShouldBe(2);
        (await pair.Link.DescribeAsync(CancellationToken.None))["messages"]!["dropped"]!.GetValue<long>().ShouldBe(1);
    }

    [Fact]
    public async Task Messages_without_a_rule_for_them_stay_here()
    {
        await using var pair = await CreateAsync(MessagePolicy.None);
        await using var cloud = await Subscriber.ToAsync(pair.Cloud, "plant", "tasks");
        await using var edge = await Subscriber.ToAsync(pair.Edge, "plant", "tasks");
        pair.Link.Start();
        await pair.StateAsync(LinkState.Online);

        await PublishAsync(pair.Edge, 1);

        (await edge.NextAsync()).GetProperty("event").GetString().ShouldBe("publish");
        (await pair.Link.DescribeAsync(CancellationToken.None))["messages"]!.ToJsonString().ShouldBe("""{"sent":0,"received":0,"dropped":0,"refused":0}""");
        cloud.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Messages_of_both_sides_are_heard_on_the_other_and_none_comes_back()
    {
        await using var pair = await CreateAsync(MessagePolicy.StoreAndForward, direction: SyncDirection.Both);
        await EdgeAndCloud.CreateCollectionAsync(pair.Cloud);
        await using var cloud = await Subscriber.ToAsync(pair.Cloud, "plant", "tasks");
        await using var edge = await Subscriber.ToAsync(pair.Edge, "plant", "tasks");
        pair.Link.Start();
        await pair.StateAsync(LinkState.Online);

        await PublishAsync(pair.Edge, 1);
        await PublishAsync(pair.Cloud, 2);

        int[] numbers = [await NumberAsync(cloud), await NumberAsync(cloud)];
        numbers.Order().ShouldBe([1, 2]);
        numbers = [await NumberAsync(edge), await NumberAsync(edge)];
        numbers.Order().ShouldBe([1, 2]);

        // What would come back had the time of another round.
        await PublishAsync(pair.Edge, 3);
        (await NumberAsync(cloud)).ShouldBe(3);
        (await NumberAsync(edge)).ShouldBe(3);
        cloud.Rest().ShouldBeEmpty();
        edge.Rest().ShouldBeEmpty();
    }

    private static async Task<int> NumberAsync(Subscriber subscriber)
    {
        JsonElement heard;
        do heard = await subscriber.NextAsync();
        while (heard.GetProperty("type").GetString() != "document"); // Others come and go.
        return heard.GetProperty("result").GetProperty("_source").GetProperty("n").GetInt32();
    }

    private static Task<JsonElement> PublishAsync(TestGateway gateway, int n, string more = "") =>
        gateway.MustAsync($$$"""{"controller":"realtime","action":"publish","index":"plant","collection":"tasks"{{{more}}},"body":{"n":{{{n}}}}}""");

    private static Task<EdgeAndCloud> CreateAsync(MessagePolicy policy, Func<UpstreamOptions, UpstreamOptions>? adjust = null, SyncDirection direction = SyncDirection.Up) =>
        EdgeAndCloud.CreateAsync(new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = direction, Messages = policy }, adjust: adjust);
}
