using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Rules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sync.Tests.Draining;

public sealed class ArrivedWritesTests
{
    [Fact]
    public async Task When_all_of_a_request_had_arrived_before_the_line_broke_nothing_more_is_asked_or_sent()
    {
        var rules = new SyncRules([new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = SyncDirection.Both }]);
        await using var edge = await TestGateway.StartAsync(store => store with { RouteOf = rules.RouteOf });
        await EdgeAndCloud.CreateCollectionAsync(edge);
        await EdgeAndCloud.PutAsync(edge, "a", "1");
        var cuts = 0;
        await using var upstream = new KuzzleUpstream { IsSearchable = true, CutAfter = request => (string?)request["action"] == "mWrite" && cuts++ == 0 };
        upstream.Collections.Add("tasks");
        await using var link = new UpstreamLink(
            new UpstreamOptions { Url = upstream.Url, Rules = rules, MaxRetryDelay = TimeSpan.FromSeconds(1), KeepAlive = TimeSpan.FromSeconds(1), RequestTimeout = TimeSpan.FromSeconds(1) },
            edge.Store.Outbox,
            edge.Store,
            edge.Api,
            TimeProvider.System,
            NullLoggerFactory.Instance);

        link.Start();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (edge.Store.Outbox.Totals.Entries > 0 || link.Status.State != LinkState.Online) await timer.WaitForNextTickAsync(limit.Token);

        cuts.ShouldBe(1);
        upstream.Effects.Count.ShouldBe(1);
        lock (upstream.Requests)
        {
            upstream.Requests.Where(request => (string?)request["action"] == "mGet").ShouldAllBe(request => request["body"]!["ids"]!.AsArray().Count > 0);
        }
    }
}
