using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Draining;
using Kuzzle.Edge.Sync.Replicating;
using Kuzzle.Edge.Sync.Rules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sync.Tests.Draining;

public sealed class FirstUploadTests
{
    private static readonly SyncRule Rule = new() { Match = CollectionPattern.Parse("plant/*") };

    [Fact]
    public async Task What_was_here_before_the_rule_is_entered_once_for_each_upstream()
    {
        await using var edge = await TestGateway.StartAsync(store => store with { RouteOf = new SyncRules([Rule]).RouteOf });
        await EdgeAndCloud.CreateCollectionAsync(edge);
        for (var n = 0; n < 3; n++) await EdgeAndCloud.PutAsync(edge, $"d{n}", "1");
        await ForgetAllAsync(edge);

        await UploadOf(edge, "ws://first:1").EnterAsync(CancellationToken.None);
        edge.Store.Outbox.Totals.Entries.ShouldBe(3);

        await ForgetAllAsync(edge);
        await UploadOf(edge, "ws://first:1").EnterAsync(CancellationToken.None);
        edge.Store.Outbox.Totals.Entries.ShouldBe(0);

        await UploadOf(edge, "ws://second:1").EnterAsync(CancellationToken.None);
        edge.Store.Outbox.Totals.Entries.ShouldBe(3);
    }

    [Fact]
    public async Task A_collection_that_was_made_under_the_rule_is_not_entered_again()
    {
        await using var edge = await TestGateway.StartAsync(store => store with { RouteOf = new SyncRules([Rule]).RouteOf });
        var upload = UploadOf(edge, "ws://first:1");
        await upload.EnterAsync(CancellationToken.None);
        await EdgeAndCloud.CreateCollectionAsync(edge);
        await EdgeAndCloud.PutAsync(edge, "a", "1");

        await upload.NoteAsync(new CollectionName("plant", "tasks"), Rule, CancellationToken.None);
        await ForgetAllAsync(edge);
        await UploadOf(edge, "ws://first:1").EnterAsync(CancellationToken.None);

        edge.Store.Outbox.Totals.Entries.ShouldBe(0);
    }

    [Theory]
    [InlineData("ws://second:1", null)]
    [InlineData("ws://first:1", """{"exists":{"field":"text"} }""")]
    public async Task What_one_upstream_took_while_all_was_being_entered_is_entered_for_the_next_too(string url, string? filter)
    {
        const int Documents = 5000;
        await using var edge = await TestGateway.StartAsync(store => store with { RouteOf = new SyncRules([Rule]).RouteOf });
        await EdgeAndCloud.CreateCollectionAsync(edge);
        var all = string.Join(',', Enumerable.Range(0, Documents).Select(n => $$$"""{"_id":"d{{{n}}}","body":{"text":"1"} }"""));
        await edge.MustAsync($$$"""{"controller":"bulk","action":"mWrite","index":"plant","collection":"tasks","body":{"documents":[{{{all}}}] } }""");
        await ForgetAllAsync(edge);

        await UploadOf(edge, "ws://first:1").EnterAsync(CancellationToken.None);
        while (await edge.Store.Outbox.CountAsync(CancellationToken.None) == 0) await Task.Yield();
        (await ForgetAsync(edge)).ShouldNotBeEmpty();
        await UploadOf(edge, url, filter).EnterAsync(CancellationToken.None);

        (await ForgetAllAsync(edge)).Count.ShouldBe(Documents);
    }

    [Fact]
    public async Task What_was_entered_for_an_upstream_that_was_another_meanwhile_is_entered_again()
    {
        await using var edge = await TestGateway.StartAsync(store => store with { RouteOf = new SyncRules([Rule]).RouteOf });
        await EdgeAndCloud.CreateCollectionAsync(edge);
        for (var n = 0; n < 3; n++) await EdgeAndCloud.PutAsync(edge, $"d{n}", "1");
        foreach (var url in (string[])["ws://first:1", "ws://second:1"])
        {
            await UploadOf(edge, url).EnterAsync(CancellationToken.None);
            await ForgetAllAsync(edge);
        }

        await UploadOf(edge, "ws://first:1").EnterAsync(CancellationToken.None);

        edge.Store.Outbox.Totals.Entries.ShouldBe(3);
    }

    private static FirstUpload UploadOf(TestGateway edge, string url, string? filter = null)
    {
        var options = new UpstreamOptions { Url = new Uri(url), Rules = new SyncRules([Rule with { Filter = FilterOf(filter) }]) };
        return new FirstUpload(edge.Store.Outbox, edge.Store, new ProgressBook(edge.Store, options), options.Rules, NullLogger.Instance);
    }

    private static DocumentFilter? FilterOf(string? filter)
    {
        if (filter is null) return null;
        DocumentFilter.TryParse(JsonElement.Parse(filter), out var parsed, out var refusal).ShouldBeTrue(refusal);
        return parsed;
    }

    // What a whole collection puts in the outbox is written after it is counted.
    private static async Task<HashSet<string>> ForgetAllAsync(TestGateway edge)
    {
        var all = new HashSet<string>();
        while (edge.Store.Outbox.Totals.Entries > 0) all.UnionWith(await ForgetAsync(edge));
        return all;
    }

    private static async Task<IEnumerable<string>> ForgetAsync(TestGateway edge)
    {
        var entries = await edge.Store.Outbox.PeekAsync(1000, int.MinValue, CancellationToken.None);
        await edge.Store.Outbox.RemoveAsync(entries, CancellationToken.None);
        return entries.Select(entry => entry.Id);
    }
}
