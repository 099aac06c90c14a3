using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Api.Tests.Security;

/// <summary>A box that has lost its database has not lost its owner.</summary>
public sealed class OwnershipTests
{
    private const string First = """ "_id":"a","body":{"content":{},"credentials":{"local":{"username":"a","password":"a"}}} """;
    private const string WithCode = """ "_id":"a","body":{"claimCode":"ABCD-EFGH","credentials":{"local":{"username":"a","password":"a"}}} """;

    [Fact]
    public async Task A_box_that_lost_its_administrators_wants_the_code_that_was_made_on_it_and_once()
    {
        using var gateway = new Gateway(new ApiOptions { Security = SecuredGateway.Cheap });
        gateway.Appliance.Owner.IsClaimed = true;

        var refused = await gateway.DoAsync("security:createFirstAdmin", First);
        refused.GetProperty("status").GetInt32().ShouldBe(401);
        refused.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("kuzzle-edge claim --reset");
        (await gateway.ErrorOfAsync("security:createFirstAdmin", WithCode)).ShouldBe("security.rights.unauthorized");
        gateway.Api.HasLostAdmin.ShouldBeTrue();

        gateway.Appliance.Owner.Code = "ABCD-EFGH";
        (await gateway.ErrorOfAsync("security:createFirstAdmin", WithCode.Replace("ABCD", "ABCE", StringComparison.Ordinal))).ShouldBe("security.rights.unauthorized");
        (await gateway.DoAsync("security:createFirstAdmin", WithCode)).GetProperty("status").GetInt32().ShouldBe(200);

        gateway.Api.HasLostAdmin.ShouldBeFalse();
        gateway.Appliance.Owner.Code.ShouldBeNull();
    }

    [Fact]
    public async Task The_claim_code_of_a_fresh_box_opens_none_that_has_had_an_owner()
    {
        using var gateway = new Gateway(new ApiOptions { Security = SecuredGateway.Cheap with { ClaimCode = "ABCD-EFGH" } });
        gateway.Appliance.Owner.IsClaimed = true;

        (await gateway.ErrorOfAsync("security:createFirstAdmin", WithCode)).ShouldBe("security.rights.unauthorized");
    }

    [Fact]
    public async Task However_somebody_becomes_an_administrator_it_is_noted()
    {
        using var gateway = new Gateway(new ApiOptions { Security = SecuredGateway.Cheap, FreshRights = FreshRights.Open });

        await gateway.MustAsync("security:createUser", """ "_id":"joe","body":{"content":{"profileIds":["default"]}} """);
        gateway.Appliance.Owner.IsClaimed.ShouldBeFalse();

        await gateway.MustAsync("security:createUser", """ "_id":"root","body":{"content":{"profileIds":["admin"]}} """);
        gateway.Appliance.Owner.IsClaimed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_box_of_an_earlier_version_is_noted_at_its_start()
    {
        using var before = await SecuredGateway.StartAsync();
        var appliance = new RecordingAppliance();
        using var after = new KuzzleApi(new ApiOptions { Security = SecuredGateway.Cheap }, before.Gateway.Store, before.Gateway.Clock, NullLoggerFactory.Instance, appliance);

        await after.OpenAsync(CancellationToken.None);

        appliance.Owner.IsClaimed.ShouldBeTrue();
        after.HasLostAdmin.ShouldBeFalse();
    }

    [Fact]
    public async Task An_administrator_who_resets_security_gives_the_box_up()
    {
        using var gateway = await SecuredGateway.StartAsync();
        gateway.Gateway.Appliance.Owner.IsClaimed.ShouldBeTrue();

        await gateway.AsAdminAsync("admin:resetSecurity");

        gateway.Gateway.Appliance.Owner.IsClaimed.ShouldBeFalse();
        (await gateway.Gateway.DoAsync("security:createFirstAdmin", First)).GetProperty("status").GetInt32().ShouldBe(200);
    }

    [Fact]
    public async Task A_box_that_lost_its_users_is_closed_though_a_fresh_one_would_be_open()
    {
        var appliance = new RecordingAppliance { Owner = { IsClaimed = true } };
        var clock = new ManualClock();
        using var lost = new KuzzleApi(new ApiOptions { FreshRights = FreshRights.Open }, new InMemoryDocumentStore(), clock, NullLoggerFactory.Instance, appliance);

        (await RightsTests.StatusAsync(lost, clock, "server", "now", jwt: null)).ShouldBe(401);
    }
}
