using Kuzzle.Edge.Api.Administration;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Api.Tests.Administration;

/// <summary>The controller admin.</summary>
public sealed class AdministrationTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Of_several_mappings_with_one_wrong_none_is_stored()
    {
        (await _gateway.ErrorOfAsync("admin:loadMappings", """
            "body":{"i":{"good":{"properties":{}},"bad":{"props":{}}}}
            """)).ShouldBe("services.storage.invalid_mapping");

        _gateway.Store.Catalogue.PublicIndexes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fixtures_that_are_refused_are_told_and_the_others_stored()
    {
        await _gateway.MustAsync("collection:create");
        await _gateway.MustAsync("document:create", """
            "_id":"1","body":{}
            """);

        var answer = await _gateway.DoAsync("admin:loadFixtures", """
            "body":{"i":{"c":[{"create":{"_id":"1"}},{},{"create":{"_id":"2"}},{}]}}
            """);

        answer.GetProperty("status").GetInt32().ShouldBe(206);
        answer.GetProperty("error").GetProperty("count").GetInt32().ShouldBe(1);
        (await _gateway.MustAsync("document:exists", "\"_id\":\"2\"")).GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_reset_of_the_database_leaves_what_is_hidden()
    {
        await _gateway.MustAsync("collection:create");
        await _gateway.MustAsync("collection:updateSpecifications", """
            "body":{"strict":true}
            """);

        await _gateway.MustAsync("admin:resetDatabase");

        (await _gateway.MustAsync("index:list")).GetProperty("indexes").GetArrayLength().ShouldBe(0);
        (await _gateway.MustAsync("collection:getSpecifications")).GetProperty("validation").GetProperty("strict").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task A_shutdown_asks_the_process_and_is_answered()
    {
        (await _gateway.MustAsync("admin:shutdown")).GetProperty("acknowledge").GetBoolean().ShouldBeTrue();

        _gateway.Appliance.Stops.ShouldBe(1);
    }

    [Fact]
    public async Task An_exclusive_action_that_is_under_way_is_not_begun_again()
    {
        var end = new TaskCompletionSource<ApiResult>();
        var action = new ExclusiveActions().Once("reset", (_, _) => new ValueTask<ApiResult>(end.Task));
        var request = ApiRequest.Create("admin", "reset", _gateway.Connection, Caller.System, new ManualClock());

        var first = action(request, CancellationToken.None);
        (await action(request, CancellationToken.None)).Error?.Id.ShouldBe("api.process.action_locked");

        end.SetResult(ApiResult.Ok(null));
        (await first).Error.ShouldBeNull();
        (await action(request, CancellationToken.None)).Error.ShouldBeNull();
    }
}
