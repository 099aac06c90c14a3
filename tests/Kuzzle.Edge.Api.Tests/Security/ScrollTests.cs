namespace Kuzzle.Edge.Api.Tests.Security;

public sealed class ScrollTests
{
    [Theory]
    [InlineData("Users")]
    [InlineData("Profiles")]
    public async Task A_scroll_shows_each_once_and_ends(string what)
    {
        using var gateway = await FilledAsync();
        var page = await gateway.AsAdminAsync($"security:search{what}", "\"size\":3,\"scroll\":\"10s\"");
        var total = page.GetProperty("total").GetInt32();
        var seen = new List<string>();
        for (var more = true; more;)
        {
            seen.AddRange(page.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("_id").GetString()!));
            more = seen.Count < total;
            if (more) page = await gateway.AsAdminAsync($"security:scroll{what}", $"\"scrollId\":\"{page.GetProperty("scrollId").GetString()}\",\"scroll\":\"10s\"");
        }

        seen.Count.ShouldBe(total);
        seen.Distinct(StringComparer.Ordinal).Count().ShouldBe(total);
        (await gateway.AdminsErrorAsync($"security:scroll{what}", $"\"scrollId\":\"{page.GetProperty("scrollId").GetString()}\"")).ShouldBe("services.storage.unknown_scroll_id");
    }

    [Theory]
    [InlineData("security:scrollUsers", "\"scrollId\":\"none\"", "services.storage.unknown_scroll_id")]
    [InlineData("security:scrollUsers", "", "api.assert.missing_argument")]
    [InlineData("security:searchUsers", "\"scroll\":\"2m\"", "services.storage.scroll_duration_too_great")]
    [InlineData("security:searchProfiles", "\"scroll\":\"soon\"", "services.storage.unexpected_bad_request")]
    public async Task What_is_no_scroll_is_refused(string action, string members, string error)
    {
        using var gateway = await FilledAsync();

        (await gateway.AdminsErrorAsync(action, members)).ShouldBe(error);
    }

    [Fact]
    public async Task A_scroll_of_users_is_none_of_profiles_and_ends_with_its_time()
    {
        using var gateway = await FilledAsync();
        var id = (await gateway.AsAdminAsync("security:searchUsers", "\"size\":3,\"scroll\":\"10s\"")).GetProperty("scrollId").GetString();

        (await gateway.AdminsErrorAsync("security:scrollProfiles", $"\"scrollId\":\"{id}\"")).ShouldBe("services.storage.unknown_scroll_id");
        (await gateway.AdminsErrorAsync("document:scroll", $"\"scrollId\":\"{id}\"")).ShouldBe("services.storage.unknown_scroll_id");
        gateway.Gateway.Clock.Advance(TimeSpan.FromSeconds(11));
        (await gateway.AdminsErrorAsync("security:scrollUsers", $"\"scrollId\":\"{id}\"")).ShouldBe("services.storage.unknown_scroll_id");
    }

    private static async Task<SecuredGateway> FilledAsync()
    {
        var gateway = await SecuredGateway.StartAsync();
        for (var i = 0; i < 7; i++)
        {
            await gateway.AsAdminAsync("security:createProfile", $$""" "_id":"p{{i}}","body":{"policies":[{"roleId":"default"}]} """);
            await gateway.AsAdminAsync("security:createUser", $$$""" "_id":"u{{{i}}}","body":{"content":{"profileIds":["p{{{i}}}"]}} """);
        }

        return gateway;
    }
}
