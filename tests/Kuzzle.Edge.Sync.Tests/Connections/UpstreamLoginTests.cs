using System.Text.Json.Nodes;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;
using Kuzzle.Edge.Sync.Rules;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Sync.Tests.Connections;

public sealed class UpstreamLoginTests
{
    private static readonly UpstreamAuth Box = new() { UserName = "box", Password = UpstreamSecret.Of("hush"), Strategy = "ldap" };

    private readonly ManualClock _clock = new();
    private readonly List<string> _tokens = [];
    private string? _revoked;

    [Fact]
    public async Task A_login_is_renewed_when_a_fifth_of_its_life_is_left_and_not_before()
    {
        await using var upstream = Upstream();
        await using var session = await OpenAsync(upstream, Box);

        _clock.Advance(TimeSpan.FromMinutes(47));
        await NowAsync(session);
        _tokens.ShouldBe(["login"]);

        _clock.Advance(TimeSpan.FromMinutes(1));
        await NowAsync(session);
        await NowAsync(session);
        _tokens.ShouldBe(["login", "refreshToken"]);
        session.RenewAt.ShouldBe(_clock.GetUtcNow() + TimeSpan.FromMinutes(48));
        upstream.Requests[^1]["jwt"]!.ToString().ShouldBe("token-2");
    }

    [Fact]
    public async Task How_long_a_login_holds_is_measured_here_whatever_the_upstreams_clock_says()
    {
        await using var upstream = Upstream();
        _clock.Set(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero)); // and the upstream says that the token ends in 2026

        await using var session = await OpenAsync(upstream, Box);
        await NowAsync(session);

        _tokens.ShouldBe(["login"]);
    }

    [Fact]
    public async Task A_login_that_can_not_be_renewed_any_more_is_made_anew()
    {
        await using var upstream = Upstream();
        await using var session = await OpenAsync(upstream, Box);

        _revoked = "token-1";
        _clock.Advance(TimeSpan.FromHours(2));
        await NowAsync(session);

        _tokens.ShouldBe(["login", "login"]);
    }

    [Fact]
    public async Task A_login_that_ended_midway_ends_the_connection_with_that_reason()
    {
        await using var upstream = Upstream();
        await using var session = await OpenAsync(upstream, Box);

        _revoked = "token-1";

        (await Should.ThrowAsync<LinkBrokenException>(() => NowAsync(session))).Message.ShouldContain("does not accept the link's login any more: security.token.invalid (401)");
    }

    [Fact]
    public async Task An_upstream_that_says_that_the_login_has_ended_is_heard()
    {
        await using var upstream = Upstream();
        var heard = new TaskCompletionSource();
        await using var session = await OpenAsync(upstream, Box, _ => heard.SetResult());

        await upstream.TellAsync(new JsonObject { ["type"] = "TokenExpired", ["room"] = "kuzzle-notification-server", ["message"] = "Authentication Token Expired" });
        await heard.Task.WaitAsync(TimeSpan.FromSeconds(30));

        (await Should.ThrowAsync<LinkBrokenException>(() => NowAsync(session))).Message.ShouldContain("has ended the link's login");
    }

    [Fact]
    public async Task The_strategy_gets_user_and_password_as_they_were_written()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "grün und still \r\n");
        await using var upstream = Upstream();

        await using var session = await OpenAsync(upstream, Box with { Password = UpstreamSecret.InFile(file) });

        File.Delete(file);
        var login = upstream.Requests.Single(request => (string?)request["action"] == "login");
        login["strategy"]!.ToString().ShouldBe("ldap");
        login["body"]!.AsObject().Select(member => member.Value!.ToString()).ShouldBe(["box", "grün und still "]);
        login.ContainsKey("jwt").ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(null, "is of no use")]
    public async Task A_file_without_a_secret_is_told_by_name(string? content, string complaint)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        if (content is not null) await File.WriteAllTextAsync(file, content);
        await using var upstream = Upstream();

        var refusal = await Should.ThrowAsync<LinkBrokenException>(() => OpenAsync(upstream, new UpstreamAuth { ApiKey = UpstreamSecret.InFile(file) }));

        File.Delete(file);
        refusal.Message.ShouldContain($"The file {file} of the link's login {complaint}");
    }

    [Fact]
    public async Task An_api_key_goes_with_each_request_and_its_end_is_known()
    {
        await using var upstream = Upstream();

        await using var session = await OpenAsync(upstream, new UpstreamAuth { ApiKey = UpstreamSecret.Of("kapikey-7") });
        await NowAsync(session);

        session.KeyEndsAt.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000));
        upstream.Requests.ShouldAllBe(request => (string?)request["jwt"] == "kapikey-7");
    }

    [Theory]
    [InlineData("""{"valid":false,"state":"Invalid token."}""", "does not accept the API key: Invalid token.")]
    [InlineData(null, "does not accept the API key: security.token.invalid (401)")]
    public async Task An_api_key_that_does_not_hold_is_told_at_once(string? check, string complaint)
    {
        await using var upstream = Upstream();
        if (check is null) _revoked = "gone";
        else upstream.Refuse = request => (string?)request["action"] == "checkToken" ? KuzzleUpstream.Ok(JsonNode.Parse(check)!) : null;

        (await Should.ThrowAsync<LinkBrokenException>(() => OpenAsync(upstream, new UpstreamAuth { ApiKey = UpstreamSecret.Of("gone") }))).Message.ShouldContain(complaint);
    }

    [Fact]
    public async Task A_key_of_the_real_api_lets_the_link_in_and_a_revoked_one_does_not()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.MustAsync(
            """{"controller":"security","action":"createFirstAdmin","_id":"operator","body":{"content":{},"credentials":{"local":{"username":"box","password":"hush hush"}}}}""");
        var login = await gateway.MustAsync("""{"controller":"auth","action":"login","strategy":"local","body":{"username":"box","password":"hush hush"}}""");
        var made = await gateway.MustAsync($$$"""{"controller":"auth","action":"createApiKey","_id":"link-key","jwt":"{{{login.GetProperty("jwt").GetString()}}}","expiresIn":-1,"body":{"description":"link"}}""");
        var key = made.GetProperty("_source").GetProperty("token").GetString()!;
        var url = new Uri($"ws://127.0.0.1:{gateway.Port}");

        await using (var session = await OpenAsync(url, new UpstreamAuth { ApiKey = UpstreamSecret.Of(key) }))
        {
            (await NowAsync(session)).IsSuccess.ShouldBeTrue();
            session.KeyEndsAt.ShouldBeNull();
        }

        (await Should.ThrowAsync<LinkBrokenException>(() => OpenAsync(url, new UpstreamAuth { ApiKey = UpstreamSecret.Of(key[..^4] + "AAAA") }))).Message.ShouldContain("does not accept the API key");
    }

    /// <summary>One that makes tokens of an hour, by a clock that stands in 2026.</summary>
    private KuzzleUpstream Upstream() => new()
    {
        Refuse = request =>
        {
            var action = (string?)request["action"];
            if (_revoked is not null && (string?)request["jwt"] == _revoked) return KuzzleUpstream.Error(401, "security.token.invalid");
            if (action == "checkToken") return KuzzleUpstream.Ok(new JsonObject { ["valid"] = true, ["expiresAt"] = 1_800_000_000_000 });
            if (action is not ("login" or "refreshToken")) return null;

            _tokens.Add(action);
            return KuzzleUpstream.Ok(new JsonObject { ["_id"] = "box", ["jwt"] = $"token-{_tokens.Count}", ["expiresAt"] = 1_767_229_200_000, ["ttl"] = 3_600_000 });
        },
    };

    private Task<UpstreamSession> OpenAsync(KuzzleUpstream upstream, UpstreamAuth auth, Action<System.Text.Json.JsonElement>? notify = null) => OpenAsync(upstream.Url, auth, notify);

    private Task<UpstreamSession> OpenAsync(Uri url, UpstreamAuth auth, Action<System.Text.Json.JsonElement>? notify = null) => UpstreamSession.OpenAsync(
        new UpstreamOptions { Url = url, Auth = auth, Rules = new SyncRules([new() { Match = CollectionPattern.Parse("*/*") }]) },
        "link",
        notify ?? (static _ => { }),
        new LinkTraffic(),
        _clock,
        CancellationToken.None);

    private static Task<UpstreamAnswer> NowAsync(UpstreamSession session) => session.AskAsync(
        request =>
        {
            request.WriteString("controller", "server");
            request.WriteString("action", "now");
        },
        CancellationToken.None);
}
