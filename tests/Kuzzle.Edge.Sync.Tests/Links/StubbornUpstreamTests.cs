using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Rules;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Kuzzle.Edge.Sync.Tests.Waiting;

namespace Kuzzle.Edge.Sync.Tests.Links;

/// <summary>Upstreams that do not take, or do not show, some of it: the rest goes on.</summary>
public sealed class StubbornUpstreamTests
{
    private readonly InMemoryOutbox _outbox = new();

    [Fact]
    public async Task A_document_under_which_the_upstream_hangs_up_does_not_stop_the_others()
    {
        await using var upstream = new KuzzleUpstream { CutBefore = request => Ids(request).Contains("poison") };
        upstream.Collections.Add("readings");
        _outbox.Put("readings", "poison", "{}");
        for (var n = 0; n < 200; n++) _outbox.Put("readings", $"d{n}", $$"""{"n":{{n}}}""");
        await using var link = new UpstreamLink(
            Options(upstream, SyncDirection.Up), _outbox, new InMemoryDocumentStore(), _outbox, TimeProvider.System, NullLoggerFactory.Instance);

        link.Start();
        await UntilAsync(() => upstream.Documents.Count == 200 && link.Status.State == LinkState.Online);

        (await _outbox.MeasureAsync(CancellationToken.None)).Entries.ShouldBe(1);
        _outbox.Parked.ShouldBeEmpty();
        upstream.CutBefore = _ => false;
        await _outbox.RetryAsync(CancellationToken.None);
        await UntilAsync(() => _outbox.IsEmpty);
        upstream.Documents.Count.ShouldBe(201);
    }

    [Fact]
    public async Task An_upstream_that_can_store_nothing_is_offline_and_nothing_is_kept_aside()
    {
        var isFull = true;
        await using var upstream = new KuzzleUpstream { RefuseDocument = _ => isFull ? ("disk usage exceeded flood-stage watermark", 429) : null };
        upstream.Collections.Add("readings");
        for (var n = 0; n < 20; n++) _outbox.Put("readings", $"d{n}", "{}");
        await using var link = new UpstreamLink(
            Options(upstream, SyncDirection.Up), _outbox, new InMemoryDocumentStore(), _outbox, TimeProvider.System, NullLoggerFactory.Instance);

        link.Start();
        await UntilAsync(() => link.Status.LastError?.Contains("flood-stage", StringComparison.Ordinal) == true);

        isFull = false;
        await _outbox.RetryAsync(CancellationToken.None);
        await UntilAsync(() => _outbox.IsEmpty);
        upstream.Documents.Count.ShouldBe(20);
        _outbox.Parked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_an_index_without_rights_nothing_comes_and_the_link_is_online()
    {
        await using var edge = await TestGateway.StartAsync();
        await using var upstream = new KuzzleUpstream
        {
            IsSearchable = true,
            Refuse = request => ((string?)request["action"], (string?)request["index"]) is ("list", "plant2" or "foreign") ? KuzzleUpstream.Error(403, "security.rights.forbidden") : null,
        };
        upstream.Indexes.AddRange(["plant2", "foreign"]);
        upstream.Collections.Add("tasks");
        upstream.Documents["tasks/a"] = "{}";
        await using var link = new UpstreamLink(Options(upstream, SyncDirection.Down), edge.Store.Outbox, edge.Store, edge.Api, TimeProvider.System, NullLoggerFactory.Instance);

        link.Start();
        await UntilAsync(async () => link.Status.State == LinkState.Online && (await edge.DocumentsAsync("plant", "tasks")).Count == 1);

        lock (upstream.Requests) upstream.Requests.ShouldNotContain(request => (string?)request["index"] == "foreign");
    }

    [Fact]
    public async Task What_may_not_be_seen_does_not_keep_the_rest_from_going_up()
    {
        var rules = new SyncRules([
            new SyncRule { Match = CollectionPattern.Parse("plant/hidden"), Direction = SyncDirection.Both, Conflict = ConflictPolicy.Newest },
            new SyncRule { Match = CollectionPattern.Parse("plant/*") },
        ]);
        await using var edge = await TestGateway.StartAsync(store => store with { RouteOf = rules.RouteOf });
        await using var upstream = new KuzzleUpstream
        {
            IsSearchable = true,
            Refuse = request => (string?)request["collection"] == "hidden" && (string?)request["controller"] == "document" ? KuzzleUpstream.Error(403, "security.rights.forbidden") : null,
        };
        upstream.Collections.UnionWith(["hidden", "open"]);
        foreach (var collection in (string[])["hidden", "open"])
        {
            await edge.MustAsync($$"""{"controller":"collection","action":"create","index":"plant","collection":"{{collection}}"}""");
            await edge.MustAsync($$"""{"controller":"document","action":"create","index":"plant","collection":"{{collection}}","_id":"a","body":{} }""");
        }

        await using var link = new UpstreamLink(
            Options(upstream, SyncDirection.Up) with { Rules = rules }, edge.Store.Outbox, edge.Store, edge.Api, TimeProvider.System, NullLoggerFactory.Instance);
        link.Start();
        await UntilAsync(() => link.Status.State == LinkState.Online && upstream.Documents.ContainsKey("open/a"));

        (await edge.Store.Outbox.PeekAsync(10, int.MinValue, CancellationToken.None)).ShouldBeEmpty(); // The hidden one waits its time.
        (await edge.Store.Outbox.MeasureAsync(CancellationToken.None)).ShouldSatisfyAllConditions(backlog => backlog.Deferred.ShouldBePositive(), backlog => backlog.Parked.ShouldBe(0));
        upstream.Documents.Keys.ShouldBe(["open/a"]);
        link.Status.Faults.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(200)]
    public async Task A_comparison_ends_after_whole_pages_too(int documents)
    {
        await using var edge = await TestGateway.StartAsync();
        await using var upstream = new KuzzleUpstream { IsSearchable = true };
        upstream.Collections.Add("tasks");
        for (var n = 0; n < documents; n++) upstream.Documents[$"tasks/d{n}"] = "{}";
        await using var link = new UpstreamLink(Options(upstream, SyncDirection.Down), edge.Store.Outbox, edge.Store, edge.Api, TimeProvider.System, NullLoggerFactory.Instance);

        link.Start();
        await UntilAsync(async () => (await edge.DocumentsAsync(InternalIndex.Name, "upstream")).TryGetValue("plant/tasks", out var note) && !note.Contains("\"comparedAt\":null", StringComparison.Ordinal));

        (await edge.DocumentsAsync("plant", "tasks")).Count.ShouldBe(documents);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_document_that_no_reader_can_read_stays_there_and_its_neighbours_come(bool isDeep)
    {
        await using var edge = await TestGateway.StartAsync();
        await using var upstream = new KuzzleUpstream { IsSearchable = true };
        upstream.Collections.Add("tasks");
        upstream.Documents["tasks/a"] = "{}";
        upstream.Documents["tasks/b"] = isDeep ? $$"""{"a":{{new string('[', 64)}}{{new string(']', 64)}} }""" : """{"text":"HALF"}""";
        upstream.Documents["tasks/c"] = "{}";
        await using var link = new UpstreamLink(Options(upstream, SyncDirection.Down), edge.Store.Outbox, edge.Store, edge.Api, TimeProvider.System, NullLoggerFactory.Instance);

        link.Start();
        await UntilAsync(async () => (await edge.DocumentsAsync("plant", "tasks")).Count == 2 && link.Status.State == LinkState.Online);
        await upstream.TellAsync(new JsonObject
        {
            ["type"] = "document",
            ["index"] = "plant",
            ["collection"] = "tasks",
            ["result"] = new JsonObject { ["_id"] = "b", ["_source"] = JsonNode.Parse(upstream.Documents["tasks/b"], documentOptions: new JsonDocumentOptions { MaxDepth = 1000 }) },
        });
        lock (upstream.Requests) upstream.Documents["tasks/d"] = "{}";
        await upstream.TellAsync(new JsonObject { ["type"] = "document", ["index"] = "plant", ["collection"] = "tasks", ["result"] = new JsonObject { ["_id"] = "d" } });
        await UntilAsync(async () => (await edge.DocumentsAsync("plant", "tasks")).Count == 3);

        (await edge.DocumentsAsync("plant", "tasks")).Keys.ShouldBe(["a", "c", "d"]);
        link.Status.Faults.ShouldBe(0);
    }

    [Fact]
    public async Task A_refused_subscription_is_asked_for_again_and_what_changed_meanwhile_comes()
    {
        var refusals = 1;
        await using var edge = await TestGateway.StartAsync();
        await using var upstream = new KuzzleUpstream
        {
            IsSearchable = true,
            Refuse = request => (string?)request["action"] == "subscribe" && refusals-- > 0 ? KuzzleUpstream.Error(429, "api.process.too_many_requests") : null,
        };
        upstream.Collections.Add("tasks");
        var clock = new ManualClock();
        await using var link = new UpstreamLink(Options(upstream, SyncDirection.Down), edge.Store.Outbox, edge.Store, edge.Api, clock, NullLoggerFactory.Instance);

        link.Start();
        await UntilAsync(() => link.Status.State == LinkState.Online);
        await UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            lock (upstream.Requests) return Task.FromResult(upstream.Requests.Count(request => (string?)request["action"] == "subscribe") >= 2);
        });

        link.Status.State.ShouldBe(LinkState.Online);
    }

    [Fact]
    public async Task A_kept_message_under_which_the_upstream_hangs_up_does_not_stop_the_others()
    {
        await using var edge = await TestGateway.StartAsync();
        await using var upstream = new KuzzleUpstream
        {
            CutBefore = request => request["body"]?["text"] is not null,
            Refuse = request => (string?)request["action"] == "publish" ? KuzzleUpstream.Ok(new JsonObject { ["published"] = true }) : null,
        };
        var rules = new SyncRules([new SyncRule { Match = CollectionPattern.Parse("plant/*"), Messages = MessagePolicy.StoreAndForward }]);
        await using var link = new UpstreamLink(
            Options(upstream, SyncDirection.Up) with { Rules = rules }, edge.Store.Outbox, edge.Store, edge.Api, TimeProvider.System, NullLoggerFactory.Instance);
        edge.Api.UseLink(link, link.Messages);
        await edge.MustAsync("""{"controller":"collection","action":"create","index":"plant","collection":"tasks"}""");
        foreach (var body in (string[])[$$"""{"text":"{{new string('x', 100_000)}}"}""", """{"n":1}""", """{"n":2}"""])
        {
            await edge.MustAsync($$"""{"controller":"realtime","action":"publish","index":"plant","collection":"tasks","body":{{body}} }""");
        }

        link.Start();
        await UntilAsync(async () => (await link.DescribeAsync(CancellationToken.None))["backlog"]!["messages"]!.GetValue<long>() == 0);

        var messages = (await link.DescribeAsync(CancellationToken.None))["messages"]!;
        messages["sent"]!.GetValue<long>().ShouldBe(2);
        messages["refused"]!.GetValue<long>().ShouldBe(1);
    }

    private static UpstreamOptions Options(KuzzleUpstream upstream, SyncDirection direction) => new()
    {
        Url = upstream.Url,
        Rules = new SyncRules([new SyncRule { Match = CollectionPattern.Parse("plant*/*"), Direction = direction }]),
        MaxRetryDelay = TimeSpan.FromSeconds(1),
        KeepAlive = TimeSpan.FromSeconds(1),
    };

    private static IEnumerable<string?> Ids(JsonObject request) =>
        (string?)request["action"] == "mWrite" ? request["body"]!["documents"]!.AsArray().Select(document => (string?)document!["_id"]) : [];
}
