using System.Diagnostics;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Tokens;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Api.Tests.Security;

public sealed class TokenTests
{
    [Theory]
    [InlineData("10s", 10_000L)]
    [InlineData("1.5 hours", 5_400_000L)]
    [InlineData("2D", 172_800_000L)]
    [InlineData("250", 250L)]
    [InlineData("-1", -1L)]
    [InlineData("wat", null)]
    [InlineData("", null)]
    [InlineData("1 fortnight", null)]
    public void A_lifetime_is_read_as_people_write_it(string text, long? milliseconds) => Lifetime.Parse(text).ShouldBe(milliseconds);

    [Fact]
    public async Task A_token_that_was_tampered_with_is_none()
    {
        using var gateway = await SecuredGateway.StartAsync();

        foreach (var forged in (string[])[gateway.Admin[..^2] + "xx", "kauth-" + gateway.Admin, "kauth-a.b.c", "kapikey-" + gateway.Admin["kauth-".Length..], "."])
        {
            (await gateway.ErrorAsync("server:now", forged)).ShouldBe("security.token.invalid", forged);
        }
    }

    [Fact]
    public async Task A_token_ends_with_its_time_and_its_connection_is_told()
    {
        using var gateway = await SecuredGateway.StartAsync();
        await gateway.JoeWhoMayAsync("""{"realtime":{"actions":{"*":true}}}""");
        var joe = await gateway.LoginAsync("joe", "pw", "\"expiresIn\":\"10s\"");
        (await gateway.ErrorAsync("realtime:subscribe", joe, "\"body\":{}")).ShouldBeNull();
        gateway.Gateway.Sink.Joined.Count.ShouldBe(1);

        gateway.Gateway.Clock.Advance(TimeSpan.FromSeconds(11));

        gateway.Gateway.Sink.Joined.ShouldBeEmpty();
        gateway.Gateway.Sink.TakeFrom("kuzzle:notification:server").ShouldHaveSingleItem().GetProperty("type").GetString().ShouldBe("TokenExpired");
        (await gateway.ErrorAsync("realtime:subscribe", joe, "\"body\":{}")).ShouldBe("security.token.invalid");
        await gateway.Gateway.Api.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("security:revokeTokens", """ "_id":"joe" """)]
    [InlineData("security:deleteUser", """ "_id":"joe" """)]
    [InlineData("admin:resetSecurity", "")]
    public async Task Who_is_revoked_hears_nothing_any_more(string action, string members)
    {
        using var gateway = await SecuredGateway.StartAsync();
        var joe = await gateway.JoeWhoMayAsync("""{"realtime":{"actions":{"*":true}}}""");
        (await gateway.ErrorAsync("realtime:subscribe", joe, "\"body\":{}", new ClientConnection("mqtt", remoteAddress: null))).ShouldBeNull();

        await gateway.AsAdminAsync(action, members);

        gateway.Gateway.Sink.Joined.ShouldBeEmpty();
        gateway.Gateway.Sink.TakeFrom("kuzzle:notification:server").ShouldNotBeEmpty();
        (await gateway.ErrorAsync("realtime:subscribe", joe, "\"body\":{}")).ShouldBe("security.token.invalid");
    }

    [Fact]
    public async Task However_revoking_and_subscribing_meet_no_subscription_outlives_its_token()
    {
        using var gateway = await SecuredGateway.StartAsync();
        await gateway.JoeWhoMayAsync("""{"realtime":{"actions":{"*":true}}}""");
        for (var round = 0; round < 100; round++)
        {
            var joe = await gateway.LoginAsync("joe", "pw");
            var connection = new ClientConnection("mqtt", remoteAddress: null);

            await Task.WhenAll(
                Task.Run(() => gateway.ErrorAsync("realtime:subscribe", joe, "\"body\":{}", connection)),
                Task.Run(() => gateway.AsAdminAsync("security:revokeTokens", "\"_id\":\"joe\"")));

            gateway.Gateway.Sink.Joined.ShouldBeEmpty($"round {round}");
        }
    }

    [Fact]
    public async Task A_refreshed_token_keeps_the_subscriptions()
    {
        using var gateway = await SecuredGateway.StartAsync();
        var joe = await gateway.JoeWhoMayAsync("""{"realtime":{"actions":{"*":true}},"auth":{"actions":{"*":true}}}""");
        (await gateway.ErrorAsync("realtime:subscribe", joe, "\"body\":{}")).ShouldBeNull();

        (await gateway.ErrorAsync("auth:refreshToken", joe)).ShouldBeNull();
        gateway.Gateway.Clock.Advance(TimeSpan.FromSeconds(2));

        gateway.Gateway.Sink.Joined.Count.ShouldBe(1);
        (await gateway.ErrorAsync("auth:getMyRights", joe)).ShouldBe("security.token.invalid");
        await gateway.Gateway.Api.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_single_use_token_serves_one_of_many_who_come_at_once()
    {
        using var gateway = await SecuredGateway.StartAsync();
        var token = (await gateway.AsAdminAsync("auth:createToken", "\"singleUse\":true")).GetProperty("token").GetString()!;

        var errors = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => gateway.ErrorAsync("server:now", token))));

        errors.Count(error => error is null).ShouldBe(1);
        errors.Count(error => error == "security.token.invalid").ShouldBe(7);
    }

    [Fact]
    public async Task An_API_key_works_until_it_is_deleted_and_is_shown_once()
    {
        using var gateway = await SecuredGateway.StartAsync();
        await gateway.JoeWhoMayAsync("""{"server":{"actions":{"now":true}}}""");
        var key = (await gateway.AsAdminAsync("security:createApiKey", """ "userId":"joe","_id":"k","body":{"description":"d"} """)).GetProperty("_source").GetProperty("token").GetString()!;
        (await gateway.ErrorAsync("server:now", key)).ShouldBeNull();

        (await gateway.AsAdminAsync("security:searchApiKeys", """ "userId":"joe","body":{} """)).ToString().ShouldNotContain("kapikey-");
        await gateway.AsAdminAsync("security:deleteApiKey", """ "userId":"joe","_id":"k" """);

        (await gateway.ErrorAsync("server:now", key)).ShouldBe("security.token.invalid");
    }

    [Fact]
    public async Task Neither_tokens_nor_passwords_are_on_the_disk()
    {
        using var gateway = await SecuredGateway.StartAsync();
        var key = (await gateway.AsAdminAsync("auth:createApiKey", """ "body":{"description":"d"} """)).GetProperty("_source").GetProperty("token").GetString()!;
        var stored = new List<string>();
        foreach (var collection in gateway.Gateway.Store.Catalogue.Indexes.Single(index => index.Name == InternalIndex.Name).CollectionNames)
        {
            var found = await gateway.Gateway.Store.SearchAsync(new SearchRequest { Targets = [new CollectionName(InternalIndex.Name, collection)], Size = 100 }, CancellationToken.None);
            stored.AddRange(found.Hits.Select(hit => hit.Document.Id + hit.Document.Source));
        }

        var all = string.Join('\n', stored);
        all.ShouldContain("pbkdf2-sha512");
        all.ShouldNotContain("\"secret\"}"); // the password of root
        all.ShouldNotContain(gateway.Admin);
        all.ShouldNotContain(key);
    }

    [Fact]
    public async Task A_password_that_was_kept_cheaply_is_kept_better_after_the_next_login()
    {
        using var before = await SecuredGateway.StartAsync();
        using var api = new KuzzleApi(
            new ApiOptions { Limits = new ApiLimits { LoginsPerSecond = 1000 }, Security = SecuredGateway.Cheap with { PasswordIterations = 20 } }, before.Gateway.Store, before.Gateway.Clock, NullLoggerFactory.Instance);

        var (kuid, fault) = await api.LoginAsync(new ClientConnection("mqtt", remoteAddress: null), "root", "secret", CancellationToken.None);

        fault.ShouldBeNull();
        kuid.ShouldBe("root");
        (await before.Gateway.Store.FindAsync(new CollectionName(InternalIndex.Name, "credentials"), "root", CancellationToken.None))!.Source.ToString().ShouldContain("i=20$");
    }

    [Fact]
    public async Task A_connection_that_logged_in_acts_as_its_user_until_that_is_revoked()
    {
        using var gateway = await SecuredGateway.StartAsync();
        await gateway.JoeWhoMayAsync("""{"server":{"actions":{"now":true}}}""");
        var connection = new ClientConnection("mqtt", remoteAddress: null);
        (await gateway.Gateway.Api.LoginAsync(connection, "joe", "wrong", CancellationToken.None)).Fault!.Id.ShouldBe("plugin.strategy.missing_user");
        (await gateway.Gateway.Api.LoginAsync(connection, "joe", "pw", CancellationToken.None)).Kuid.ShouldBe("joe");
        gateway.Gateway.Api.Connect(connection);

        (await gateway.Gateway.DoAsync("server:now", connection: connection)).GetProperty("status").GetInt32().ShouldBe(200);
        await gateway.AsAdminAsync("security:revokeTokens", "\"_id\":\"joe\"");

        (await gateway.Gateway.DoAsync("server:now", connection: connection)).GetProperty("status").GetInt32().ShouldBe(401);
    }

    [Fact]
    public async Task The_time_of_a_refusal_does_not_tell_whether_there_is_such_a_user()
    {
        using var gateway = await SecuredGateway.StartAsync(SecuredGateway.Cheap with { PasswordIterations = 20_000 });
        await TimeAsync("root");
        var known = new List<TimeSpan>();
        var unknown = new List<TimeSpan>();
        for (var i = 0; i < 7; i++)
        {
            known.Add(await TimeAsync("root"));
            unknown.Add(await TimeAsync("nobody"));
        }

        known.Sort();
        unknown.Sort();
        (unknown[0] / known[0]).ShouldBeInRange(0.4, 2.5); // The fastest of each: the machine is busy with other things, too.

        async Task<TimeSpan> TimeAsync(string name)
        {
            var start = Stopwatch.GetTimestamp();
            (await gateway.Gateway.ErrorOfAsync("auth:login", $$""" "strategy":"local","body":{"username":"{{name}}","password":"wrong"} """)).ShouldBe("plugin.strategy.missing_user");
            return Stopwatch.GetElapsedTime(start);
        }
    }
}
