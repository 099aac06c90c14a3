using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Nodes;
using Kuzzle.Edge.Sync.Rules;
using Kuzzle.Edge.Sync.Tests.Connections;
using Kuzzle.Edge.Testing;
using static Kuzzle.Edge.Sync.Tests.Waiting;

namespace Kuzzle.Edge.Sync.Tests.Links;

/// <summary>Online, connecting, offline, suspended: what brings the link from one to the other, and what it says of it.</summary>
public sealed class LinkStateTests : IDisposable
{
    private readonly InMemoryOutbox _outbox = new();
    private readonly InMemoryDocumentStore _store = new();
    private readonly LogLines _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_connection_that_falls_silent_counts_as_broken_and_is_made_anew()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var line = new Line(gateway.Port);
        await using var link = LinkTo(new Uri($"ws://127.0.0.1:{line.Port}"), Quick);
        link.Start();
        await UntilAsync(() => link.Status.State == LinkState.Online);

        line.IsSilent = true;
        await UntilAsync(() => link.Status.State is LinkState.Offline or LinkState.Connecting && link.Status.LastError is not null);
        link.Status.LastError.ShouldNotBeNull().ShouldEndWith("did not answer within 1 s.");

        line.IsSilent = false;
        await UntilAsync(() => link.Status.State == LinkState.Online);
        link.Status.Reason.ShouldBeNull();
        link.Status.Connections.ShouldBe(2);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(501)]
    public async Task Where_a_proxy_lets_no_WebSocket_through_HTTP_is_used_until_one_comes_through(int status)
    {
        var clock = new ManualClock();
        await using var gateway = await TestGateway.StartAsync();
        await using var line = new Line(gateway.Port) { WebSocketStatus = status };
        await using var link = LinkTo(new Uri($"ws://127.0.0.1:{line.Port}"), clock: clock);
        link.Start();
        await UntilAsync(() => link.Status.State == LinkState.Online);
        link.Status.Transport.ShouldBe("http");

        line.WebSocketStatus = 0;
        await UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(21)); // The link sleeps until its next sign of life; only then it looks at the clock.
            return link.Status.Transport == "websocket";
        });

        link.Status.Connections.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_network_that_comes_back_ends_the_wait_for_the_next_attempt()
    {
        var clock = new ManualClock(); // It stands still, so no pause ever ends by itself.
        await using var upstream = new KuzzleUpstream { Refuse = _ => KuzzleUpstream.Error(503, "api.process.overloaded") };
        _outbox.Put("readings", "a", "{}");
        await using var link = LinkTo(upstream.Url, clock: clock);
        link.Start();
        await UntilAsync(() => link.Status.State == LinkState.Offline);
        link.Status.NextAttempt.ShouldNotBeNull().ShouldBeGreaterThan(clock.GetUtcNow());

        upstream.Refuse = _ => null;
        link.OnNetworkChange();

        await UntilAsync(() => link.Status.State == LinkState.Online && _outbox.IsEmpty);
    }

    [Fact]
    public async Task A_network_change_while_online_makes_sure_at_once_that_the_upstream_is_still_there()
    {
        var clock = new ManualClock();
        await using var upstream = new KuzzleUpstream();
        await using var link = LinkTo(upstream.Url, clock: clock);
        link.Start();
        await UntilAsync(() => link.Status.State == LinkState.Online);

        await UntilAsync(() =>
        {
            link.OnNetworkChange();
            lock (upstream.Requests) return upstream.Requests.Count(request => (string?)request["action"] == "now") > 1;
        });

        link.Status.Connections.ShouldBe(1);
    }

    [Fact]
    public void A_burst_of_network_changes_is_told_at_its_beginning_and_its_end()
    {
        var clock = new ManualClock();
        var told = 0;
        using var watch = new NetworkWatch(() => told++, clock);

        for (var n = 0; n < 10; n++) watch.Notice();
        told.ShouldBe(1);

        clock.Advance(TimeSpan.FromSeconds(1));
        told.ShouldBe(2);

        clock.Advance(TimeSpan.FromMinutes(1));
        told.ShouldBe(2);
    }

    [Fact]
    public async Task A_pause_outlives_a_restart_until_it_is_taken_back()
    {
        var clock = new ManualClock();
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        await using (var before = LinkTo(upstream.Url, clock: clock))
        {
            before.Start();
            await UntilAsync(() => before.Status.State == LinkState.Online);
            await before.PauseAsync(CancellationToken.None);
        }

        var pausedAt = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromDays(1));
        _outbox.Put("readings", "a", "{}");
        await using var after = LinkTo(upstream.Url, clock: clock);
        after.Start();
        await UntilAsync(() => after.Status.State == LinkState.Suspended);
        after.Status.Since.ShouldBe(pausedAt);
        after.Health.Level.ShouldBe(SyncHealthLevel.Waiting);
        upstream.Documents.ShouldBeEmpty();

        await after.ResumeAsync(CancellationToken.None);
        await UntilAsync(() => _outbox.IsEmpty);
        await using var third = LinkTo(upstream.Url, clock: clock);
        (await new LinkMemory(_store).FindPauseAsync(CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_fault_of_the_program_costs_a_pause_and_is_told_in_the_health_when_it_comes_again_and_again()
    {
        var clock = new ManualClock();
        await using var upstream = new KuzzleUpstream();
        upstream.Collections.Add("readings");
        _outbox.PeekFault = new InvalidOperationException("as told");
        await using var link = LinkTo(upstream.Url, clock: clock);
        _outbox.Put("readings", "a", "{}");
        link.Start();
        await UntilAsync(() => link.Status.Faults == 1);
        link.Health.Level.ShouldBe(SyncHealthLevel.Waiting);

        await UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            return link.Status.Faults >= 3;
        });
        link.Health.Level.ShouldBe(SyncHealthLevel.Broken);
        link.Health.Reason.ShouldNotBeNull().ShouldContain("A fault of the program: InvalidOperationException: as told");
        _log.All.ShouldContain(text => text.StartsWith("Error: The link to the upstream has failed", StringComparison.Ordinal));

        _outbox.PeekFault = null;
        await UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            return _outbox.IsEmpty;
        });
        await UntilAsync(() => link.Health.Level == SyncHealthLevel.Good);
        link.Status.Faults.ShouldBe(0);
    }

    [Fact]
    public async Task The_reason_why_it_is_offline_is_logged_once_and_shown()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var authority = new TestAuthority();
        using var others = new TestAuthority("Another root");
        using var certificate = others.IssueServer("localhost");
        await using var front = new TlsFront(gateway.Port, certificate);
        await using var link = LinkTo(new Uri($"wss://localhost:{front.Port}"), options => Quick(options) with { Tls = new UpstreamTls { Trust = authority.Trust } });

        link.Start();
        await UntilAsync(() => link.Status.Attempts >= 3);

        link.Status.Reason.ShouldNotBeNull().ShouldEndWith($"cannot be trusted. Its certificate comes from no authority that {authority.Trust} names.");
        _log.All.Count(text => text.StartsWith("Warning: The upstream is out of reach", StringComparison.Ordinal)).ShouldBe(1);
        var described = await link.DescribeAsync(CancellationToken.None);
        described["attempts"]!.GetValue<int>().ShouldBeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public async Task A_login_that_ends_midway_is_made_anew_and_what_waited_arrives()
    {
        var logins = 0;
        var ended = false;
        await using var upstream = new KuzzleUpstream
        {
            Refuse = request =>
            {
                if ((string?)request["action"] == "login")
                {
                    ended = false;
                    return KuzzleUpstream.Ok(new JsonObject { ["jwt"] = $"token-{++logins}", ["ttl"] = 3_600_000 });
                }

                return ended ? KuzzleUpstream.Error(401, "security.token.invalid") : null;
            },
        };
        upstream.Collections.Add("readings");
        await using var link = LinkTo(upstream.Url, options => options with { Auth = new UpstreamAuth { UserName = "box", Password = UpstreamSecret.Of("hush") } });
        link.Start();
        await UntilAsync(() => link.Status.State == LinkState.Online);

        ended = true;
        _outbox.Put("readings", "a", "{}");
        await UntilAsync(() => _outbox.IsEmpty);

        logins.ShouldBe(2);
        upstream.Documents.Keys.ShouldBe(["readings/a"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Compression_is_used_where_the_upstream_can(bool can)
    {
        await using var upstream = new KuzzleUpstream { Compresses = can };
        upstream.Collections.Add("readings");
        var text = new string('x', 200_000);
        _outbox.Put("readings", "a", $$"""{"text":"{{text}}"}""");
        await using var link = LinkTo(upstream.Url, options => options with { Compression = true });

        link.Start();
        await UntilAsync(() => _outbox.IsEmpty);

        upstream.Documents["readings/a"].ShouldContain(text);
        (upstream.Bytes < 20_000).ShouldBe(can);
    }

    [Fact]
    public async Task Over_HTTP_large_requests_are_compressed()
    {
        await using var gateway = await TestGateway.StartAsync();
        await using var line = new Line(gateway.Port);
        var text = new string('x', 200_000);
        _outbox.Put("readings", "a", $$"""{"text":"{{text}}"}""");
        await using var link = LinkTo(new Uri($"http://127.0.0.1:{line.Port}"), options => options with { Compression = true });

        link.Start();
        await UntilAsync(() => _outbox.IsEmpty);

        (await gateway.DocumentsAsync("plant", "readings"))["a"].ShouldContain(text);
        line.Sent.ShouldContain(part => part.Contains("Content-Encoding: gzip", StringComparison.OrdinalIgnoreCase));
        line.Sent.Sum(part => part.Length).ShouldBeLessThan(20_000);
    }

    [Fact]
    public async Task This_box_is_a_document_upstream_with_what_it_is_and_how_far_behind()
    {
        var clock = new ManualClock();
        await using var gateway = await TestGateway.StartAsync();
        await using (var link = LinkTo(new Uri($"ws://127.0.0.1:{gateway.Port}"), WithNode(), clock))
        {
            link.Start();
            await UntilAsync(() => link.Status.State == LinkState.Online);
            var first = (await gateway.DocumentsAsync("edge", "nodes")).ShouldHaveSingleItem();
            var node = JsonElement.Parse(first.Value);
            node.GetProperty("name").GetString().ShouldBe("box-7");
            node.GetProperty("version").GetString().ShouldBe("1.2.3");
            node.GetProperty("backlog").GetProperty("documents").GetInt64().ShouldBe(0);
            node.GetProperty("lastSeen").GetInt64().ShouldBe(clock.GetUtcNow().ToUnixTimeMilliseconds());

            await UntilAsync(async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(15));
                return JsonElement.Parse((await gateway.DocumentsAsync("edge", "nodes")).Single().Value).GetProperty("uptime").GetInt64() >= 60;
            });
        }

        // The same box, started again.
        await using var again = LinkTo(new Uri($"ws://127.0.0.1:{gateway.Port}"), WithNode(), clock);
        again.Start();
        await UntilAsync(() => again.Status.State == LinkState.Online);
        (await gateway.DocumentsAsync("edge", "nodes")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_name_of_the_box_upstream_may_come_from_elsewhere()
    {
        var machine = Path.GetTempFileName();
        await File.WriteAllTextAsync(machine, "0123456789abcdef0123456789abcdef\n");
        await using var gateway = await TestGateway.StartAsync();
        foreach (var node in (NodeOptions[])
            [
                Node with { Id = "hall-3" },
                Node with { Identity = NodeIdentity.HostName },
                Node with { Identity = NodeIdentity.MachineId, MachineIdFile = machine },
            ])
        {
            await using var link = LinkTo(new Uri($"ws://127.0.0.1:{gateway.Port}"), options => options with { Node = node });
            link.Start();
            await UntilAsync(() => link.Status.State == LinkState.Online);
        }

        File.Delete(machine);
        var names = (await gateway.DocumentsAsync("edge", "nodes")).Keys.ToList();
        names.Count.ShouldBe(3);
        names.ShouldContain("hall-3");
        names.ShouldContain("box-7");
        names.ShouldNotContain("0123456789abcdef0123456789abcdef");
        names.ShouldContain(name => name.Length == 32);
    }

    [Fact]
    public async Task Without_the_right_to_keep_its_document_upstream_the_box_works_on_and_says_so()
    {
        await using var upstream = new KuzzleUpstream { Refuse = request => (string?)request["index"] == "edge" ? KuzzleUpstream.Error(403, "security.rights.forbidden") : null };
        upstream.Collections.Add("readings");
        _outbox.Put("readings", "a", "{}");
        await using var link = LinkTo(upstream.Url, WithNode());

        link.Start();
        await UntilAsync(() => link.Status.State == LinkState.Online && _outbox.IsEmpty);

        var described = await link.DescribeAsync(CancellationToken.None);
        described["node"]!["problem"]!.ToString().ShouldContain("does not keep edge/nodes/");
        _log.All.ShouldContain(text => text.StartsWith("Warning: The upstream does not keep edge/nodes/", StringComparison.Ordinal));
    }

    private static readonly NodeOptions Node = new() { HostName = "box-7", Version = "1.2.3" };

    private static Func<UpstreamOptions, UpstreamOptions> WithNode() => options => options with { Node = Node };

    private static UpstreamOptions Quick(UpstreamOptions options) =>
        options with { KeepAlive = TimeSpan.FromSeconds(1), RequestTimeout = TimeSpan.FromSeconds(1), MaxRetryDelay = TimeSpan.FromSeconds(1) };

    private UpstreamLink LinkTo(Uri url, Func<UpstreamOptions, UpstreamOptions>? adjust = null, TimeProvider? clock = null)
    {
        var options = new UpstreamOptions { Url = url, Rules = new SyncRules([new SyncRule { Match = CollectionPattern.Parse("plant/*") }]) };

        // A clock that is turned in leaps must not look like an upstream that does not answer.
        if (clock is not null) options = options with { RequestTimeout = TimeSpan.FromMinutes(5) };
        return new UpstreamLink(adjust?.Invoke(options) ?? options, _outbox, _store, _outbox, clock ?? TimeProvider.System, _log);
    }
}
