using Kuzzle.Edge.Api.Documents;
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
        await ForgetAsync(edge);

        await UploadOf(edge, "ws://first:1").EnterAsync(CancellationToken.None);
        edge.Store.Outbox.Totals.Entries.ShouldBe(3);

        await ForgetAsync(edge);
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
        await ForgetAsync(edge);
        await UploadOf(edge, "ws://first:1").EnterAsync(CancellationToken.None);

        edge.Store.Outbox.Totals.Entries.ShouldBe(0);
    }

    private static FirstUpload UploadOf(TestGateway edge, string url)
    {
        var options = new UpstreamOptions { Url = new Uri(url), Rules = new SyncRules([Rule]) };
        return new FirstUpload(edge.Store.Outbox, edge.Store, new ProgressBook(edge.Store, options), options.Rules, NullLogger.Instance);
    }

    private static async Task ForgetAsync(TestGateway edge) =>
        await edge.Store.Outbox.RemoveAsync(await edge.Store.Outbox.PeekAsync(100, int.MinValue, CancellationToken.None), CancellationToken.None);
}
