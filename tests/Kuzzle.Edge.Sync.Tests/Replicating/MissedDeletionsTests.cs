using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Replicating;
using Kuzzle.Edge.Sync.Rules;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Kuzzle.Edge.Sync.Tests.Waiting;

namespace Kuzzle.Edge.Sync.Tests.Replicating;

public sealed class MissedDeletionsTests
{
    private static readonly CollectionName Tasks = new("plant", "tasks");
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(1);

    private readonly ManualClock _clock = new();

    [Fact]
    public void It_waits_its_own_time_and_another_break_does_not_put_it_off()
    {
        var missed = new MissedDeletions(Delay, _clock);
        missed.TakeDue().ShouldBeNull();

        missed.Add(Tasks, comparedAt: null);
        var due = missed.DueAt;
        (due - _clock.GetUtcNow()).ShouldBeInRange(0.5 * Delay, 1.5 * Delay);
        _clock.Advance(0.4 * Delay);
        missed.Add(Tasks, comparedAt: null);
        missed.DueAt.ShouldBe(due);
        missed.TakeDue().ShouldBeNull();

        _clock.Advance(1.1 * Delay);
        missed.TakeDue().ShouldBe(Tasks);
        missed.TakeDue().ShouldBeNull();
        missed.DueAt.ShouldBe(DateTimeOffset.MaxValue);
    }

    [Fact]
    public void What_was_compared_a_moment_ago_is_not_again_at_once()
    {
        var missed = new MissedDeletions(Delay, _clock);

        missed.Add(Tasks, _clock.GetUtcNow());

        (missed.DueAt - _clock.GetUtcNow()).ShouldBe(5 * Delay);
    }

    [Fact]
    public async Task Where_as_many_documents_are_as_are_known_nothing_is_compared()
    {
        await using var edge = await TestGateway.StartAsync();
        await using var upstream = new KuzzleUpstream { IsSearchable = true };
        upstream.Collections.Add("tasks");
        upstream.Documents["tasks/a"] = """{"n":1}""";
        upstream.Documents["tasks/b"] = """{"n":2}""";
        await using var link = new UpstreamLink(
            new UpstreamOptions
            {
                Url = upstream.Url,
                Rules = new SyncRules([new SyncRule { Match = CollectionPattern.Parse("plant/*"), Direction = SyncDirection.Down }]),
                KeepAlive = TimeSpan.FromSeconds(1),
                MaxRetryDelay = TimeSpan.FromSeconds(1),
                CompareDelay = TimeSpan.FromSeconds(1),
            },
            edge.Store.Outbox,
            edge.Store,
            edge.Api,
            TimeProvider.System,
            NullLoggerFactory.Instance);
        link.Start();
        await UntilAsync(() => Task.FromResult(Comparisons(upstream) == 1));
        await UntilAsync(async () => (await edge.DocumentsAsync("plant", "tasks")).Count == 2);

        // Twice a new connection; the second after a deletion.
        await ReconnectAndCountAsync(link, upstream);
        Comparisons(upstream).ShouldBe(1);
        lock (upstream.Requests) upstream.Documents.Remove("tasks/a");
        await ReconnectAndCountAsync(link, upstream);
        await UntilAsync(async () => (await edge.DocumentsAsync("plant", "tasks")).Count == 1);

        Comparisons(upstream).ShouldBe(2);
    }

    /// <summary>Until what the count gave was acted upon: the link has asked something since.</summary>
    private static async Task ReconnectAndCountAsync(UpstreamLink link, KuzzleUpstream upstream)
    {
        var counts = Asked(upstream, "count").Count;
        await link.PauseAsync(CancellationToken.None);
        await UntilAsync(() => Task.FromResult(link.Status.State == LinkState.Suspended));
        await link.ResumeAsync(CancellationToken.None);
        await UntilAsync(() => Task.FromResult(Asked(upstream, "count").Count > counts && Asked(upstream, "now")[^1] > Asked(upstream, "count")[^1]));
    }

    private static int Comparisons(KuzzleUpstream upstream)
    {
        lock (upstream.Requests) return upstream.Requests.Count(request => (string?)request["action"] == "search" && request["body"]!["query"] is null);
    }

    /// <summary>At which places among the requests.</summary>
    private static List<int> Asked(KuzzleUpstream upstream, string action)
    {
        lock (upstream.Requests) return [.. upstream.Requests.Index().Where(request => (string?)request.Item["action"] == action).Select(request => request.Index)];
    }
}
