using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Testing.Hostile;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Api.Tests.Security;

/// <summary>Who may what is never half changed, at whichever commit the disk breaks.</summary>
public sealed class AtomicChangeTests
{
    private const string Load = """
        "onExistingUsers":"overwrite","body":{"roles":{"r":{"controllers":{"server":{"actions":{"now":true}}}},"default":{"controllers":{"auth":{"actions":{"login":true}}}}},
        "profiles":{"p":{"policies":[{"roleId":"r"}]}},"users":{"joe":{"content":{"profileIds":["p"]},"credentials":{"local":{"username":"joe","password":"new"}}},
        "ann":{"content":{"profileIds":["p"]},"credentials":{"local":{"username":"ann","password":"pw"}}}}}
        """;

    [Theory]
    [InlineData("admin:resetSecurity", "")]
    [InlineData("admin:loadSecurities", Load)]
    [InlineData("security:deleteUser", "\"_id\":\"joe\"")]
    [InlineData("security:deleteProfile", "\"_id\":\"joes\",\"onAssignedUsers\":\"remove\"")]
    [InlineData("security:createUser", """ "_id":"ann","body":{"content":{"profileIds":["joes"]},"credentials":{"local":{"username":"ann","password":"pw"}}} """)]
    [InlineData("security:restrictDefaultRights", "")]
    [InlineData("security:revokeTokens", "\"_id\":\"joe\"")]
    [InlineData("security:updateRole", """ "_id":"default","body":{"controllers":{"auth":{"actions":{"login":true}}}} """)]
    public async Task A_disk_that_breaks_leaves_everything_or_nothing(string action, string members)
    {
        for (var commits = 0; commits <= 1; commits++)
        {
            using var gateway = await SecuredGateway.StartAsync();
            var joe = await gateway.JoeWhoMayAsync("""{"server":{"actions":{"*":true}}}""");
            await gateway.AsAdminAsync("security:createApiKey", """ "userId":"joe","_id":"key","body":{"description":"d"} """);
            var before = await StoreFingerprint.OfAsync(gateway.Gateway.Store);
            gateway.Gateway.Store.CommitsLeft = commits;

            var error = await gateway.ErrorAsync(action, gateway.Admin, members);

            gateway.Gateway.Store.CommitsLeft = null;
            if (commits == 1)
            {
                error.ShouldBeNull("one commit is enough");
                continue;
            }

            error.ShouldBe("services.storage.unexpected_error");
            (await StoreFingerprint.OfAsync(gateway.Gateway.Store)).ShouldBe(before);
            (await gateway.ErrorAsync("server:now", joe)).ShouldBeNull("what is in memory is as on the disk");
            (await gateway.LoginAsync("joe", "pw")).ShouldStartWith("kauth-");
        }
    }

    [Fact]
    public async Task What_was_loaded_over_a_user_is_there_after_a_restart()
    {
        using var gateway = await SecuredGateway.StartAsync();
        var old = await gateway.JoeWhoMayAsync("""{"server":{"actions":{"*":true}}}""");
        await gateway.AsAdminAsync("admin:loadSecurities", Load);

        (await gateway.ErrorAsync("server:now", old)).ShouldBe("security.token.invalid");
        (await gateway.LoginAsync("joe", "new")).ShouldStartWith("kauth-");
        using var restarted = new KuzzleApi(new ApiOptions { Security = SecuredGateway.Cheap }, gateway.Gateway.Store, gateway.Gateway.Clock, NullLoggerFactory.Instance);
        (await restarted.LoginAsync(new("mqtt", remoteAddress: null), "joe", "new", CancellationToken.None)).Kuid.ShouldBe("joe");
        (await restarted.LoginAsync(new("mqtt", remoteAddress: null), "ann", "pw", CancellationToken.None)).Kuid.ShouldBe("ann");
    }

    [Fact]
    public async Task While_a_password_is_hashed_others_change_what_they_like()
    {
        using var gateway = await SecuredGateway.StartAsync(SecuredGateway.Cheap with { PasswordIterations = 100_000 });
        var slow = Enumerable.Range(0, 8).Select(i => gateway.AsAdminAsync(
            "security:createUser", $$""" "_id":"u{{i}}","body":{"credentials":{"local":{"username":"u{{i}}","password":"pw"} },"content":{"profileIds":["default"]} } """)).ToList();

        await gateway.AsAdminAsync("security:createUser", """ "_id":"ann","body":{"content":{"profileIds":["default"]}} """);

        slow.Count(creation => creation.IsCompleted).ShouldBeLessThan(8, "they are hashed one after another, and nobody waits for that");
        await Task.WhenAll(slow);
    }

    [Fact]
    public async Task Of_two_who_want_one_name_at_once_one_gets_it()
    {
        using var gateway = await SecuredGateway.StartAsync(SecuredGateway.Cheap with { PasswordIterations = 20_000 });
        var both = await Task.WhenAll(new[] { "a", "b" }.Select(kuid => gateway.ErrorAsync(
            "security:createUser", gateway.Admin, $$"""
            "_id":"{{kuid}}","body":{"credentials":{"local":{"username":"same","password":"pw"} },"content":{"profileIds":["default"]} }
            """)));

        both.Order(StringComparer.Ordinal).ShouldBe([null, "status 412"]);
    }

    [Fact]
    public async Task A_collection_that_is_missing_takes_all_writes_with_it()
    {
        using var gateway = new Gateway();
        await gateway.MustAsync("collection:create");

        var outcomes = await gateway.Store.WriteAsync(
            [(new CollectionName("i", "c"), new PutDocument("x", "{}"u8.ToArray())), (new CollectionName("i", "none"), new PutDocument("x", "{}"u8.ToArray()))],
            CancellationToken.None);

        outcomes.ShouldBeNull();
        (await gateway.Store.FindAsync(new CollectionName("i", "c"), "x", CancellationToken.None)).ShouldBeNull();
    }
}
