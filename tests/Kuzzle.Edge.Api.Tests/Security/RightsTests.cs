using Kuzzle.Edge.Api.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Api.Tests.Security;

public sealed class RightsTests
{
    [Theory]
    [InlineData("""{"document":{"actions":{"create":true}}}""", "[]", "document", "create", "i", "c", true)]
    [InlineData("""{"document":{"actions":{"create":true}}}""", "[]", "document", "get", "i", "c", false)]
    [InlineData("""{"document":{"actions":{"*":true}}}""", "[]", "document", "get", "i", "c", true)]
    [InlineData("""{"document":{"actions":{"*":true,"get":false}}}""", "[]", "document", "get", "i", "c", false)]
    [InlineData("""{"*":{"actions":{"*":true}}}""", "[]", "index", "list", null, null, true)]
    [InlineData("""{"*":{"actions":{"*":true}},"document":{"actions":{"get":true}}}""", "[]", "document", "create", "i", "c", false)]
    [InlineData("""{"document":{"actions":{"*":true}}}""", """[{"index":"i"}]""", "document", "get", "i", "other", true)]
    [InlineData("""{"document":{"actions":{"*":true}}}""", """[{"index":"i"}]""", "document", "get", "j", "c", false)]
    [InlineData("""{"document":{"actions":{"*":true}}}""", """[{"index":"i","collections":["c","d"]}]""", "document", "get", "i", "d", true)]
    [InlineData("""{"document":{"actions":{"*":true}}}""", """[{"index":"i","collections":["c","d"]}]""", "document", "get", "i", "e", false)]
    [InlineData("""{"document":{"actions":{"*":true}}}""", """[{"index":"i","collections":["c"]},{"index":"j"}]""", "document", "get", "j", "e", true)]
    [InlineData("""{"index":{"actions":{"list":true}}}""", """[{"index":"i"}]""", "index", "list", null, null, true)]
    public async Task A_right_holds_where_its_policy_says(string controllers, string restrictedTo, string controller, string action, string? index, string? collection, bool isAllowed)
    {
        using var gateway = await SecuredGateway.StartAsync();
        await gateway.JoeWhoMayAsync(controllers, restrictedTo);

        var answer = await gateway.AsAdminAsync(
            "security:checkRights",
            $$""" "userId":"joe","body":{"controller":"{{controller}}","action":"{{action}}","index":{{Text(index)}},"collection":{{Text(collection)}}} """);

        answer.GetProperty("allowed").GetBoolean().ShouldBe(isAllowed);
    }

    [Fact]
    public async Task Of_several_targets_each_must_be_allowed()
    {
        using var gateway = await SecuredGateway.StartAsync();
        var joe = await gateway.JoeWhoMayAsync("""{"document":{"actions":{"*":true}}}""", """[{"index":"i","collections":["c"]}]""");

        (await AskAsync(gateway, joe, """[{"index":"i","collections":["c"]}]""")).ShouldBe("services.storage.unknown_index");
        (await AskAsync(gateway, joe, """[{"index":"i","collections":["c","d"]}]""")).ShouldBe("security.rights.forbidden");
        (await AskAsync(gateway, joe, """[{"index":"i"}]""")).ShouldBe("security.rights.forbidden");
        (await AskAsync(gateway, joe, "[7]")).ShouldBe("security.rights.forbidden");
    }

    [Theory]
    [InlineData("join")]
    [InlineData("count")]
    public async Task A_room_of_a_forbidden_collection_can_neither_be_joined_nor_counted(string action)
    {
        using var gateway = await SecuredGateway.StartAsync();
        var joe = await gateway.JoeWhoMayAsync("""{"realtime":{"actions":{"*":true}}}""", """[{"index":"other"}]""");
        var room = (await gateway.AsAdminAsync("realtime:subscribe", "\"body\":{}")).GetProperty("roomId").GetString();

        var answer = await gateway.Gateway.AskAsync($$$"""{"controller":"realtime","action":"{{{action}}}","body":{"roomId":"{{{room}}}"},"jwt":"{{{joe}}}"}""");

        answer.GetProperty("error").GetProperty("id").GetString().ShouldBe("security.rights.forbidden");
    }

    [Fact]
    public async Task A_change_of_a_role_holds_for_the_next_request()
    {
        using var gateway = await SecuredGateway.StartAsync();
        var joe = await gateway.JoeWhoMayAsync("""{"server":{"actions":{"now":true}}}""");
        (await gateway.ErrorAsync("server:now", joe)).ShouldBeNull();

        await gateway.AsAdminAsync("security:updateRole", """ "_id":"joes","body":{"controllers":{"server":{"actions":{"now":false}}}} """);

        (await gateway.ErrorAsync("server:now", joe)).ShouldBe("security.rights.forbidden");
    }

    [Fact]
    public async Task A_box_without_an_administrator_lets_anybody_become_the_first_and_nobody_the_second()
    {
        using var gateway = new Gateway(new ApiOptions { Security = SecuredGateway.Cheap });
        const string First = """ "_id":"a","body":{"content":{},"credentials":{"local":{"username":"a","password":"a"}}} """;

        var answers = await Task.WhenAll(gateway.DoAsync("security:createFirstAdmin", First), gateway.DoAsync("security:createFirstAdmin", First.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)));

        answers.Count(answer => answer.GetProperty("status").GetInt32() == 200).ShouldBe(1);
        (await gateway.ErrorOfAsync("security:createFirstAdmin", First)).ShouldBe("security.rights.unauthorized");
    }

    [Theory]
    [InlineData(""" "body":{} """, 401)]
    [InlineData(""" "body":{"claimCode":"ABCD-EFGI"} """, 401)]
    [InlineData(""" "body":{"claimCode":17} """, 401)]
    [InlineData(""" "body":{"claimCode":"ABCD-EFGH"} """, 200)]
    [InlineData(""" "body":{"claimCode":"abcd-efgh "} """, 200)]
    public async Task A_box_with_a_claim_code_belongs_to_who_has_read_it(string arguments, int status)
    {
        using var gateway = new Gateway(new ApiOptions { Security = SecuredGateway.Cheap with { ClaimCode = "ABCD-EFGH" } });

        (await gateway.DoAsync("security:createFirstAdmin", arguments)).GetProperty("status").GetInt32().ShouldBe(status);
    }

    [Fact]
    public async Task Users_rights_and_tokens_survive_a_restart()
    {
        using var before = await SecuredGateway.StartAsync();
        var joe = await before.JoeWhoMayAsync("""{"server":{"actions":{"now":true}}}""");
        using var after = new KuzzleApi(new ApiOptions { Security = SecuredGateway.Cheap }, before.Gateway.Store, before.Gateway.Clock, NullLoggerFactory.Instance);

        (await StatusAsync(after, before.Gateway.Clock, "server", "now", joe)).ShouldBe(200);
        (await StatusAsync(after, before.Gateway.Clock, "server", "info", joe)).ShouldBe(403);
    }

    [Fact]
    public async Task A_box_that_was_open_is_closed_by_its_configuration()
    {
        using var open = new Gateway();
        (await open.DoAsync("server:now")).GetProperty("status").GetInt32().ShouldBe(200);
        (await open.DoAsync("auth:getCurrentUser")).GetProperty("status").GetInt32().ShouldBe(200);

        using var closed = new KuzzleApi(new ApiOptions(), open.Store, open.Clock, NullLoggerFactory.Instance);

        (await StatusAsync(closed, open.Clock, "server", "now", jwt: null)).ShouldBe(401);
    }

    [Fact]
    public async Task A_user_whose_profiles_limit_the_rate_is_stopped_for_the_rest_of_the_second()
    {
        using var gateway = await SecuredGateway.StartAsync();
        var joe = await gateway.JoeWhoMayAsync("""{"server":{"actions":{"now":true}}}""");
        await gateway.AsAdminAsync("security:updateProfile", """ "_id":"joes","body":{"rateLimit":2} """);

        (await gateway.ErrorAsync("server:now", joe)).ShouldBeNull();
        (await gateway.ErrorAsync("server:now", joe)).ShouldBeNull();
        (await gateway.ErrorAsync("server:now", joe)).ShouldBe("api.process.too_many_requests");

        gateway.Gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        (await gateway.ErrorAsync("server:now", joe)).ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_sees_the_hidden_index_nor_a_password_in_it()
    {
        using var gateway = await SecuredGateway.StartAsync();
        await gateway.JoeWhoMayAsync("""{"server":{"actions":{"now":true}}}""");

        (await gateway.AsAdminAsync("index:list")).ToString().ShouldNotContain("%kuzzle");
        foreach (var action in (string[])["document:search", "document:count", "collection:list", "document:deleteByQuery"])
        {
            var answer = await gateway.Gateway.AskAsync(
                $$$"""{"controller":"{{{action.Split(':')[0]}}}","action":"{{{action.Split(':')[1]}}}","index":"%kuzzle","collection":"credentials","body":{"query":{}},"jwt":"{{{gateway.Admin}}}"}""");
            answer.GetProperty("status").GetInt32().ShouldBe(412, action);
        }

        var told = (await gateway.AsAdminAsync("security:searchUsers", "\"body\":{}")).ToString() + await gateway.AsAdminAsync("security:getCredentials", "\"strategy\":\"local\",\"_id\":\"joe\"");
        told.ShouldContain("joe");
        told.ShouldNotContain("pbkdf2");
    }

    [Fact]
    public async Task Resetting_takes_everybody_away_and_lets_the_first_administrator_come_again()
    {
        using var gateway = await SecuredGateway.StartAsync();
        var joe = await gateway.JoeWhoMayAsync("""{"server":{"actions":{"now":true}}}""");

        var told = await gateway.AsAdminAsync("admin:resetSecurity");

        told.GetProperty("deletedUsers").GetInt32().ShouldBe(2);
        (await gateway.ErrorAsync("server:now", joe)).ShouldBe("security.token.invalid");
        (await gateway.Gateway.DoAsync("security:createFirstAdmin", "\"body\":{}")).GetProperty("status").GetInt32().ShouldBe(200);
    }

    private static Task<string?> AskAsync(SecuredGateway gateway, string jwt, string targets) => AskRawAsync(gateway, $$"""{"controller":"document","action":"search","targets":{{targets}},"jwt":"{{jwt}}"}""");

    private static async Task<string?> AskRawAsync(SecuredGateway gateway, string request) => (await gateway.Gateway.AskAsync(request)).GetProperty("error").GetProperty("id").GetString();

    internal static async Task<int> StatusAsync(KuzzleApi api, TimeProvider clock, string controller, string action, string? jwt)
    {
        var token = jwt is null ? "null" : $"\"{jwt}\"";
        var json = $$"""{"controller":"{{controller}}","action":"{{action}}","jwt":{{token}} }""";
        ApiRequest.TryParse(System.Text.Encoding.UTF8.GetBytes(json), new ClientConnection("mqtt", remoteAddress: null), clock, out var request, out _).ShouldBeTrue();
        return (await api.ExecuteAsync(request!, CancellationToken.None)).Status;
    }

    private static string Text(string? value) => value is null ? "null" : $"\"{value}\"";
}
