using System.Text.Json;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Tests.Funnel;

public sealed class FunnelTests
{
    [Fact]
    public async Task An_answer_has_the_seed_members_in_the_seed_order()
    {
        using var gateway = new Gateway();

        var answer = await gateway.AskAsync("""{"controller":"server","action":"now","requestId":"r","volatile":{"a":1}}""");

        answer.EnumerateObject().Select(member => member.Name).ShouldBe(
            ["requestId", "status", "error", "controller", "action", "collection", "index", "volatile", "result", "node", "headers"]);
        answer.GetProperty("index").ValueKind.ShouldBe(JsonValueKind.Null);
        answer.GetProperty("requestId").GetString().ShouldBe("r");
    }

    [Theory]
    [InlineData("""{}""", "api.assert.missing_argument")]
    [InlineData("""{"controller":"server"}""", "api.assert.missing_argument")]
    [InlineData("""{"controller":"nobody","action":"now","targets":[],"index":"i"}""", "api.assert.mutually_exclusive")]
    [InlineData("""{"controller":"nobody","action":"now","jwt":"x"}""", "security.token.invalid")]
    [InlineData("""{"controller":"nobody","action":"now"}""", "api.process.controller_not_found")]
    [InlineData("""{"controller":"server","action":"nothing"}""", "api.process.action_not_found")]
    [InlineData("""{"controller":"server","action":"now","volatile":{"sdkVersion":"6.0.0"}}""", "api.process.incompatible_sdk_version")]
    [InlineData("""{"controller":"server","action":"now","volatile":{"sdkName":"js@6.9.9"}}""", "api.process.incompatible_sdk_version")]
    public async Task Checks_come_in_their_order(string request, string error)
    {
        using var gateway = new Gateway();

        (await gateway.AskAsync(request)).GetProperty("error").GetProperty("id").GetString().ShouldBe(error);
    }

    [Theory]
    [InlineData("server:publicApi", 200)]
    [InlineData("server:now", 401)]
    [InlineData("document:create", 401)]
    [InlineData("nobody:atAll", 401)]
    [InlineData("auth:login", 400)]
    public async Task A_fresh_appliance_lets_anonymous_clients_do_little(string action, int status)
    {
        using var gateway = new Gateway(new ApiOptions());

        (await gateway.DoAsync(action)).GetProperty("status").GetInt32().ShouldBe(status);
    }

    [Fact]
    public async Task A_part_of_this_process_may_do_everything()
    {
        using var gateway = new Gateway(new ApiOptions());
        var request = ApiRequest.Create("server", "now", new ClientConnection("internal", remoteAddress: null), Caller.Device("cpu"), gateway.Clock);

        (await gateway.Api.ExecuteAsync(request, CancellationToken.None)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(true, """ "body":{"properties":{}} """, true)]
    [InlineData(true, """ "body":{"mappings":{"properties":{}}} """, false)]
    [InlineData(false, """ "body":{"properties":{}} """, false)]
    public async Task Developers_are_told_of_deprecated_ways(bool isDevelopment, string members, bool isTold)
    {
        using var gateway = new Gateway(new ApiOptions { FreshRights = FreshRights.Open, IsDevelopment = isDevelopment });

        var answer = await gateway.DoAsync("collection:create", members);

        answer.TryGetProperty("deprecations", out _).ShouldBe(isTold);
        answer.GetProperty("status").GetInt32().ShouldBe(200);
    }

    [Fact]
    public async Task A_failing_disk_is_told_and_costs_one_request_only()
    {
        using var gateway = new Gateway();
        await gateway.MustAsync("collection:create");
        gateway.Store.Failure = "No space left on the device.";

        (await gateway.ErrorOfAsync("document:create", """ "body":{} """)).ShouldBe("services.storage.unexpected_error");
        gateway.Store.Failure = null;

        await gateway.MustAsync("document:create", """ "body":{} """);
    }

    [Fact]
    public async Task A_fault_of_ours_is_told_without_its_details()
    {
        using var gateway = new Gateway();
        await gateway.MustAsync("collection:create");
        gateway.Store.Fault = new InvalidOperationException("something internal");

        var answer = await gateway.DoAsync("document:create", """ "body":{} """);

        answer.GetProperty("error").GetProperty("id").GetString().ShouldBe("core.fatal.unexpected_error");
        answer.GetProperty("status").GetInt32().ShouldBe(500);
        answer.ToString().ShouldNotContain("something internal");
    }

    [Fact]
    public async Task Who_comes_when_too_many_wait_is_refused_and_the_others_are_served()
    {
        using var gateway = new Gateway(new ApiOptions { FreshRights = FreshRights.Open, Limits = new ApiLimits { ConcurrentRequests = 1, RequestsBufferSize = 1 } });
        await gateway.MustAsync("collection:create");
        var disk = new TaskCompletionSource();
        gateway.Store.Disk = disk.Task;
        var running = gateway.DoAsync("document:create", """ "body":{} """);
        var waiting = gateway.DoAsync("document:create", """ "body":{} """);

        var refused = await gateway.DoAsync("document:create", """ "body":{} """);
        disk.SetResult();

        refused.GetProperty("error").GetProperty("id").GetString().ShouldBe("api.process.overloaded");
        refused.GetProperty("status").GetInt32().ShouldBe(503);
        (await running).GetProperty("status").GetInt32().ShouldBe(200);
        (await waiting).GetProperty("status").GetInt32().ShouldBe(200);
    }

    [Theory]
    [InlineData("admin:resetDatabase")]
    [InlineData("admin:resetSecurity")]
    public async Task A_reset_is_not_begun_while_another_is_under_way(string reset)
    {
        using var gateway = new Gateway();
        await gateway.MustAsync("collection:create");
        await gateway.MustAsync("security:createRole", """ "_id":"r","body":{"controllers":{"*":{"actions":{"*":true}}}} """);
        var disk = new TaskCompletionSource();
        gateway.Store.Disk = disk.Task;
        var running = gateway.DoAsync(reset);

        var refused = await gateway.DoAsync(reset);
        disk.SetResult();

        refused.GetProperty("error").GetProperty("id").GetString().ShouldBe("api.process.action_locked");
        refused.GetProperty("status").GetInt32().ShouldBe(412);
        (await running).GetProperty("status").GetInt32().ShouldBe(200);
    }

    [Fact]
    public async Task After_the_stop_nothing_is_begun()
    {
        using var gateway = new Gateway();
        await gateway.Api.StopAsync(CancellationToken.None);

        var refused = await gateway.DoAsync("server:now");

        refused.GetProperty("status").GetInt32().ShouldBe(503);
        refused.GetProperty("error").GetProperty("id").GetString().ShouldBe("api.process.shutting_down");
    }
}
