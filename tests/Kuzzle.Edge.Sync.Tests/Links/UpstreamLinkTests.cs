using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Pacing;
using Kuzzle.Edge.Sync.Rules;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Kuzzle.Edge.Sync.Tests.Waiting;

namespace Kuzzle.Edge.Sync.Tests.Links;

public sealed class UpstreamLinkTests
{
    private readonly InMemoryOutbox _outbox = new();

    [Fact]
    public async Task Documents_and_deletions_arrive_and_leave_the_outbox()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        upstream.Documents["readings/old"] = "{}";
        _outbox.Put("readings", "a", """{"n":1,"text":"grün"}""");
        _outbox.Delete("readings", "old");
        _outbox.Delete("readings", "never there");
        await using var link = LinkTo(upstream);

        link.Start();
        await DrainedAsync();

        upstream.Documents.ShouldBe([new("readings/a", """{"n":1,"text":"grün"}""")]);
        await UntilAsync(() => link.Status.State == LinkState.Online); // A moment after its first push.
        link.Status.Delivered.ShouldBe(3);
    }

    [Fact]
    public async Task A_collection_that_is_missing_upstream_is_created_first()
    {
        await using var upstream = new KuzzleUpstream();
        _outbox.Put("readings", "a", "{}");
        await using var link = LinkTo(upstream);

        link.Start();
        await DrainedAsync();

        upstream.Collections.ShouldBe(["readings"]);
        upstream.Documents.Keys.ShouldBe(["readings/a"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_cut_before_or_after_the_upstream_stored_costs_a_repetition_and_nothing_else(bool before)
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        var cuts = 3;
        bool Cut(JsonObject request) => (string?)request["action"] == "mWrite" && cuts-- > 0;
        if (before) upstream.CutBefore = Cut;
        else upstream.CutAfter = Cut;
        for (var n = 0; n < 10; n++) _outbox.Put("readings", $"d{n}", $$"""{"n":{{n}}}""");
        await using var link = LinkTo(upstream);

        link.Start();
        await DrainedAsync();

        upstream.Documents.Count.ShouldBe(10);
        upstream.Documents["readings/d7"].ShouldBe("""{"n":7}""");
        _outbox.Repeated.Order().ShouldBe(before ? Enumerable.Range(0, 10).Select(n => $"d{n}") : [], "what got no answer, and is not there, may still be carried out");
    }

    [Fact]
    public async Task What_arrived_before_its_answer_was_lost_has_one_effect()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        var cuts = 3;
        upstream.CutAfter = request => (string?)request["action"] == "mWrite" && cuts-- > 0;
        for (var n = 0; n < 300; n++) _outbox.Put("readings", $"d{n}", $$"""{"n":{{n}}}""");
        await using var link = LinkTo(upstream);

        link.Start();
        await DrainedAsync();

        upstream.Effects.Count.ShouldBe(300);
        upstream.Effects.Distinct().Count().ShouldBe(300);
        link.Status.Delivered.ShouldBe(300);
    }

    [Fact]
    public async Task A_link_that_may_not_ask_what_arrived_sends_it_again()
    {
        await using var upstream = new KuzzleUpstream { Refuse = request => (string?)request["action"] == "mGet" ? KuzzleUpstream.Error(403, "security.rights.forbidden") : null };
        upstream.Collections.Add("readings");
        var cuts = 1;
        upstream.CutAfter = request => (string?)request["action"] == "mWrite" && cuts-- > 0;
        _outbox.Put("readings", "a", "{}");
        await using var link = LinkTo(upstream);

        link.Start();
        await DrainedAsync();

        upstream.Effects.ShouldBe(["readings/a", "readings/a"]);
    }

    [Fact]
    public async Task A_change_made_while_the_older_one_travels_is_not_lost()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        var changed = false;
        upstream.CutBefore = request =>
        {
            if (!changed && (string?)request["action"] == "mWrite")
            {
                changed = true;
                _outbox.Put("readings", "a", """{"n":2}""");
            }

            return false;
        };
        _outbox.Put("readings", "a", """{"n":1}""");
        await using var link = LinkTo(upstream);

        link.Start();
        await DrainedAsync();

        upstream.Documents["readings/a"].ShouldBe("""{"n":2}""");
    }

    [Fact]
    public async Task Only_the_document_that_is_refused_for_good_is_parked_with_the_reason()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        upstream.Refuse = request => (string?)request["action"] == "mWrite" && request.ToJsonString().Contains("\"bad\"", StringComparison.Ordinal)
            ? KuzzleUpstream.Error(400, "services.storage.strict_mapping_rejection")
            : null;
        for (var n = 0; n < 7; n++) _outbox.Put("readings", $"d{n}", n == 4 ? """{"bad":1}""" : """{"good":1}""");
        await using var link = LinkTo(upstream);

        link.Start();
        await DrainedAsync();

        upstream.Documents.Count.ShouldBe(6);
        _outbox.Parked.Single().Id.ShouldBe("d4");
        _outbox.Parked.Single().Reason.ShouldStartWith("services.storage.strict_mapping_rejection (400)");
        link.Status.Parked.ShouldBe(1);
    }

    [Theory]
    [InlineData(503, "api.process.overloaded")]
    [InlineData(401, "security.token.invalid")]
    [InlineData(429, "api.process.too_many_requests")]
    public async Task An_upstream_that_cannot_take_anything_now_loses_and_parks_nothing(int status, string id)
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        var refusals = 2;
        upstream.Refuse = request => (string?)request["action"] == "mWrite" && refusals-- > 0 ? KuzzleUpstream.Error(status, id) : null;
        _outbox.Put("readings", "a", "{}");
        await using var link = LinkTo(upstream);

        link.Start();
        await DrainedAsync();

        upstream.Documents.Keys.ShouldBe(["readings/a"]);
        _outbox.Parked.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unreachable_upstream_is_told_in_the_status_and_reached_when_it_comes()
    {
        Uri url;
        await using (var gone = new KuzzleUpstream()) url = gone.Url;
        _outbox.Put("readings", "a", "{}");
        await using var link = LinkTo(url);

        link.Start();
        await UntilAsync(() => link.Status.State == LinkState.Offline);

        link.Status.Reason.ShouldNotBeNull().ShouldContain(url.ToString());
        (await _outbox.CountAsync(CancellationToken.None)).ShouldBe(1);
    }

    [Fact]
    public async Task Large_documents_travel_in_several_requests()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        var large = $$"""{"text":"{{new string('x', 400)}}"}""";
        for (var n = 0; n < 10; n++) _outbox.Put("readings", $"d{n}", large);
        await using var link = LinkTo(upstream.Url, options => options with { BatchBytes = 1024 });

        link.Start();
        await DrainedAsync();

        upstream.Documents.Count.ShouldBe(10);
        upstream.Requests.Count(request => (string?)request["action"] == "mWrite").ShouldBe(5);
    }

    [Fact]
    public async Task A_rule_says_where_to_and_which_documents_and_fields_go()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("copy-of-readings");
        upstream.Documents["copy-of-readings/left"] = "{}";
        DocumentFilter.TryParse(JsonElement.Parse("""{"range":{"n":{"gte":5}}}"""), out var filter, out _).ShouldBeTrue();
        var rule = new SyncRule
        {
            Match = CollectionPattern.Parse("plant/*"),
            Target = CollectionPattern.Parse("site7/copy-of-*"),
            Filter = filter,
            Fields = new FieldSelection([], ["secret"]),
        };
        _outbox.Put("readings", "stays", """{"n":4}""");
        _outbox.Put("readings", "goes", """{"n":5,"secret":"x"}""");
        _outbox.Put("readings", "left", """{"n":1}""", UpstreamMark.Of(JsonElement.Parse("{}")));
        await using var link = LinkTo(upstream.Url, options => options with { Rules = new SyncRules([rule]) });

        link.Start();
        await DrainedAsync();

        upstream.Documents.ShouldBe([new("copy-of-readings/goes", """{"n":5}""")]);
        upstream.Requests.Where(request => request.ContainsKey("index")).ShouldAllBe(request => (string?)request["index"] == "site7");
        link.Status.Delivered.ShouldBe(2);
    }

    [Fact]
    public async Task A_document_that_cannot_be_taken_now_waits_while_its_neighbours_go()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        upstream.RefuseDocument = id => id == "d1" ? ("queue full", 429) : null;
        for (var n = 0; n < 3; n++) _outbox.Put("readings", $"d{n}", "{}");
        await using var link = LinkTo(upstream);

        link.Start();
        await UntilAsync(() => _outbox.Deferred.Contains("d1") && link.Status.Delivered == 2);
        upstream.Documents.Keys.ShouldBe(["readings/d0", "readings/d2"], ignoreOrder: true);

        upstream.RefuseDocument = _ => null;
        await _outbox.RetryAsync(CancellationToken.None);
        await DrainedAsync();
        upstream.Documents.Count.ShouldBe(3);
        _outbox.Parked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_collection_without_rights_does_not_stop_the_others()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.UnionWith(["readings", "orders"]);
        upstream.Refuse = request => (string?)request["collection"] == "orders" ? KuzzleUpstream.Error(403, "security.rights.forbidden") : null;
        _outbox.Put("orders", "a", "{}");
        _outbox.Put("readings", "b", "{}");
        await using var link = LinkTo(upstream);

        link.Start();
        await UntilAsync(() => link.Status.Delivered == 1 && _outbox.Deferred.Count == 1);

        upstream.Documents.Keys.ShouldBe(["readings/b"]);
        _outbox.Parked.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_more_urgent_goes_before_what_came_earlier_and_between_its_requests()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.UnionWith(["readings", "alarms"]);
        for (var n = 0; n < 100; n++) _outbox.Put("readings", $"d{n}", "{}");
        _outbox.Put("alarms", "first", "{}", priority: 5);
        var hasCome = false;
        upstream.CutBefore = request =>
        {
            if (!hasCome && (string?)request["collection"] == "readings")
            {
                hasCome = true;
                _outbox.Put("alarms", "second", "{}", priority: 5);
            }

            return false;
        };
        await using var link = LinkTo(upstream.Url, options => options with
        {
            Rules = new SyncRules([new SyncRule { Match = CollectionPattern.Parse("plant/alarms"), Priority = 5 }, new SyncRule { Match = CollectionPattern.Parse("plant/*"), BatchSize = 10 }]),
        });

        link.Start();
        await DrainedAsync();

        upstream.Effects[0].ShouldBe("alarms/first");
        upstream.Effects.IndexOf("alarms/second").ShouldBeInRange(1, 31, "no more than two requests of readings were under way, and one was written");
        upstream.Effects.Count.ShouldBe(102);
    }

    [Fact]
    public async Task A_rule_bounds_its_own_requests()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        for (var n = 0; n < 10; n++) _outbox.Put("readings", $"d{n}", "{}");
        await using var link = LinkTo(upstream.Url, options => options with { Rules = new SyncRules([new SyncRule { Match = CollectionPattern.Parse("plant/*"), BatchSize = 4 }]) });

        link.Start();
        await DrainedAsync();

        upstream.Requests.Where(request => (string?)request["action"] == "mWrite").Select(request => request["body"]!["documents"]!.AsArray().Count).ShouldBe([4, 4, 2]);
    }

    [Fact]
    public async Task Each_document_goes_up_in_the_order_of_its_changes()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        var versions = new List<int>();
        var next = 1;
        upstream.CutAfter = request =>
        {
            if ((string?)request["action"] != "mWrite") return false;

            versions.Add((int)request["body"]!["documents"]![0]!["body"]!["n"]!);
            if (next < 7) _outbox.Put("readings", "a", $$"""{"n":{{++next}}}""", priority: next % 2);
            return next % 3 == 0;
        };
        _outbox.Put("readings", "a", """{"n":1}""");
        await using var link = LinkTo(upstream);

        link.Start();
        await DrainedAsync();

        versions.ShouldBeInOrder();
        upstream.Documents["readings/a"].ShouldBe("""{"n":7}""");
    }

    [Fact]
    public async Task A_document_that_the_answer_does_not_name_was_not_taken()
    {
        await using var upstream = new KuzzleUpstream { Forgets = id => id == "d1" };
        upstream.Collections.Add("readings");
        for (var n = 0; n < 3; n++) _outbox.Put("readings", $"d{n}", "{}");
        await using var link = LinkTo(upstream);

        link.Start();
        await UntilAsync(() => _outbox.Deferred.Contains("d1") && link.Status.Delivered == 2);

        _outbox.IsEmpty.ShouldBeFalse();
        _outbox.Parked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mistake_in_the_rules_parks_no_document()
    {
        await using var upstream = new KuzzleUpstream { Refuse = request => (string?)request["action"] is "mWrite" ? KuzzleUpstream.Error(400, "services.storage.invalid_collection_name") : null };
        for (var n = 0; n < 5; n++) _outbox.Put("readings", $"d{n}", "{}");
        await using var link = LinkTo(upstream);

        link.Start();
        await UntilAsync(() => _outbox.Deferred.Count == 5);

        _outbox.Parked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Outside_of_the_schedule_only_what_is_urgent_goes_up()
    {
        var clock = new ManualClock();
        var now = TimeOnly.FromTimeSpan(clock.GetLocalNow().TimeOfDay);
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.UnionWith(["readings", "alarms"]);
        _outbox.Put("readings", "a", "{}");
        _outbox.Put("alarms", "b", "{}", priority: 5);
        await using var link = LinkTo(
            upstream.Url,
            options => options with
            {
                Rules = new SyncRules([new SyncRule { Match = CollectionPattern.Parse("plant/alarms"), Priority = 5 }, new SyncRule { Match = CollectionPattern.Parse("plant/*") }]),
                Schedule = [new SendWindow(now.AddHours(1), now.AddHours(2))],
                SchedulePriority = 5,
                KeepAlive = TimeSpan.FromHours(1),
            },
            clock);

        link.Start();
        await UntilAsync(() => link.Status.Delivered == 1);
        upstream.Documents.Keys.ShouldBe(["alarms/b"]);
        (await link.DescribeAsync(CancellationToken.None))["heldBack"]!.GetValue<bool>().ShouldBeTrue();

        clock.Advance(TimeSpan.FromMinutes(61));
        await DrainedAsync();

        upstream.Documents.Keys.ShouldBe(["alarms/b", "readings/a"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_line_that_is_paced_stays_alive_and_sends_no_more_than_it_may()
    {
        var clock = new ManualClock();
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        for (var n = 0; n < 20; n++) _outbox.Put("readings", $"d{n}", $$"""{"text":"{{new string('x', 3000)}}"}""");
        await using var link = LinkTo(upstream.Url, options => options with { Bandwidth = 128, KeepAlive = TimeSpan.FromSeconds(5), RequestTimeout = TimeSpan.FromMinutes(5) }, clock);
        var began = clock.GetUtcNow();
        link.Start();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!_outbox.IsEmpty)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await timer.WaitForNextTickAsync(limit.Token);
        }

        // 20 documents of 3 kB at 128 bytes a second are eight minutes, in which somebody must have asked whether the other side is there.
        (clock.GetUtcNow() - began).ShouldBeGreaterThan(TimeSpan.FromSeconds(20 * 3000 / 128 * 0.9));
        lock (upstream.Requests) upstream.Requests.Count(request => (string?)request["action"] == "now").ShouldBeGreaterThan(20);
        link.Status.Delivered.ShouldBe(20);
    }

    [Fact]
    public async Task A_paused_link_sends_nothing_until_it_is_resumed()
    {
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        await using var link = LinkTo(upstream);
        link.Start();
        await UntilAsync(() => link.Status.State == LinkState.Online);

        await link.PauseAsync(CancellationToken.None);
        await UntilAsync(() => link.Status.State == LinkState.Suspended);
        _outbox.Put("readings", "a", "{}");
        var described = await link.DescribeAsync(CancellationToken.None);
        described["state"]!.ToString().ShouldBe("suspended");
        described["backlog"]!["documents"]!.GetValue<long>().ShouldBe(1);
        upstream.Documents.ShouldBeEmpty();

        await link.ResumeAsync(CancellationToken.None);
        await DrainedAsync();
        upstream.Documents.Keys.ShouldBe(["readings/a"]);
        link.Status.Transport.ShouldBe("websocket");
    }

    [Fact]
    public async Task A_flush_does_not_wait_for_the_next_attempt()
    {
        var clock = new ManualClock();
        var refuses = true;
        await using var upstream = new KuzzleUpstream { Refuse = _ => refuses ? KuzzleUpstream.Error(503, "api.process.overloaded") : null };
        upstream.Collections.Add("readings");
        _outbox.Put("readings", "a", "{}");
        await using var link = LinkTo(upstream.Url, clock: clock);
        link.Start();
        await UntilAsync(() => link.Status.State == LinkState.Offline); // and the clock stands still, so the pause never ends

        refuses = false;
        link.Flush();

        await DrainedAsync();
        link.Status.LastError.ShouldNotBeNull().ShouldContain("api.process.overloaded");
    }

    private UpstreamLink LinkTo(KuzzleUpstream upstream) => LinkTo(upstream.Url);

    private UpstreamLink LinkTo(Uri url, Func<UpstreamOptions, UpstreamOptions>? adjust = null, TimeProvider? clock = null)
    {
        var options = new UpstreamOptions { Url = url, Rules = new SyncRules([new SyncRule { Match = CollectionPattern.Parse("plant/*") }]) };
        return new UpstreamLink(adjust?.Invoke(options) ?? options, _outbox, new InMemoryDocumentStore(), _outbox, clock ?? TimeProvider.System, NullLoggerFactory.Instance);
    }

    private Task DrainedAsync() => UntilAsync(() => _outbox.IsEmpty);
}
