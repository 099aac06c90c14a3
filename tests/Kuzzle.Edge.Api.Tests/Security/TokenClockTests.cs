using Kuzzle.Edge.Api.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Api.Tests.Security;

/// <summary>Logins and API keys on a board whose clock is set while it runs.</summary>
public sealed class TokenClockTests
{
    private static readonly DateTimeOffset Unset = new(1970, 1, 1, 0, 1, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Today = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Nobody_is_thrown_out_when_the_network_tells_the_time()
    {
        using var box = await SecuredGateway.StartAsync();
        box.Gateway.Clock.Set(Unset);
        var joe = await JoeAsync(box, "10m");
        (await box.ErrorAsync("server:now", joe)).ShouldBeNull();

        box.Gateway.Clock.Set(Today);

        (await box.ErrorAsync("server:now", joe)).ShouldBeNull();
        var shown = await box.Gateway.MustAsync("auth:checkToken", $$""" "body":{"token":"{{joe}}"} """);
        shown.GetProperty("expiresAt").GetInt64().ShouldBe(Today.AddMinutes(10).ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task But_each_holds_no_longer_than_it_was_meant_to()
    {
        using var box = await SecuredGateway.StartAsync();
        box.Gateway.Clock.Set(Unset);
        var joe = await JoeAsync(box, "10m");
        box.Gateway.Clock.Set(Today);

        box.Gateway.Clock.Advance(TimeSpan.FromMinutes(11));

        (await box.ErrorAsync("server:now", joe)).ShouldBe("security.token.invalid");
    }

    [Fact]
    public async Task One_made_in_the_future_does_not_hold_for_fifty_years()
    {
        using var box = await SecuredGateway.StartAsync();
        box.Gateway.Clock.Set(Today.AddYears(50));
        var joe = await JoeAsync(box, "10m");
        box.Gateway.Clock.Set(Today);
        (await box.ErrorAsync("server:now", joe)).ShouldBeNull();

        box.Gateway.Clock.Advance(TimeSpan.FromMinutes(11));

        (await box.ErrorAsync("server:now", joe)).ShouldBe("security.token.invalid");
    }

    [Fact]
    public async Task One_of_yesterday_does_not_live_on_because_the_board_has_started_in_1970()
    {
        using var box = await SecuredGateway.StartAsync();
        box.Gateway.Clock.Set(Today);
        var joe = await JoeAsync(box, "10m");
        box.Gateway.Clock.Set(Unset); // The next start of the board, without a network.

        using var next = Restarted(box);
        (await ErrorAsync(next, joe)).ShouldBeNull();
        box.Gateway.Clock.Advance(TimeSpan.FromMinutes(11));

        (await ErrorAsync(next, joe)).ShouldBe("security.token.invalid");
    }

    [Fact]
    public async Task And_ends_as_soon_as_the_time_is_known()
    {
        using var box = await SecuredGateway.StartAsync();
        box.Gateway.Clock.Set(Today);
        var joe = await JoeAsync(box, "10m");
        box.Gateway.Clock.Set(Unset);
        using var next = Restarted(box);
        (await ErrorAsync(next, joe)).ShouldBeNull();

        box.Gateway.Clock.Set(Today.AddDays(1));

        (await ErrorAsync(next, joe)).ShouldBe("security.token.invalid");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_for_a_year_that_was_made_before_the_time_was_known_holds_after_a_restart(bool isKnownBeforeTheRestart)
    {
        using var box = await SecuredGateway.StartAsync();
        box.Gateway.Clock.Set(Unset);
        var made = await box.AsAdminAsync("auth:createApiKey", """ "expiresIn":"365d","body":{"description":"a pump"} """);
        var key = made.GetProperty("_source").GetProperty("token").GetString()!;
        if (isKnownBeforeTheRestart)
        {
            box.Gateway.Clock.Set(Today);
            (await box.ErrorAsync("server:now", key)).ShouldBeNull(); // Whoever asks first makes it notice.
            await box.Gateway.Api.StopAsync(CancellationToken.None);
        }

        box.Gateway.Clock.Set(Today);
        using var next = Restarted(box);

        (await ErrorAsync(next, key)).ShouldBeNull();
        using var again = Restarted(box);
        box.Gateway.Clock.Advance(TimeSpan.FromDays(366));
        (await ErrorAsync(again, key)).ShouldBe("security.token.invalid");
    }

    private static async Task<string> JoeAsync(SecuredGateway box, string lifetime)
    {
        await box.JoeWhoMayAsync("""{"server":{"actions":{"*":true}},"auth":{"actions":{"*":true}}}""");
        return await box.LoginAsync("joe", "pw", $"\"expiresIn\":\"{lifetime}\"");
    }

    private static KuzzleApi Restarted(SecuredGateway box) =>
        new(new ApiOptions { Security = SecuredGateway.Cheap }, box.Gateway.Store, box.Gateway.Clock, NullLoggerFactory.Instance);

    private static async Task<string?> ErrorAsync(KuzzleApi api, string token)
    {
        var connection = new ClientConnection("http", remoteAddress: null);
        var request = ApiRequest.Create("server", "now", connection, Caller.Anonymous, TimeProvider.System) with { Jwt = token };
        return (await api.ExecuteAsync(request, CancellationToken.None)).Error?.Id;
    }
}
