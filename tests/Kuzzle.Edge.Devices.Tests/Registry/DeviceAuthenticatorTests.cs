using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Devices.Tests.Registry;

public sealed class DeviceAuthenticatorTests : IAsyncLifetime
{
    private FleetFixture _fleet = null!;

    public async Task InitializeAsync()
    {
        _fleet = await FleetFixture.StartAsync();
        await _fleet.PlantAsync();
    }

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    [Theory]
    [InlineData("""{"pass":"secret"}""", "pump", null, true)]
    [InlineData("""{"pass":"secret"}""", "p", null, true)]
    [InlineData("""{"pass":"secret"}""", "pump", "pump", true)]
    [InlineData("""{"pass":"secret"}""", "pump", "u", false)]
    [InlineData("""{"user":{"username":"u","password":"secret"}}""", "pump", "u", true)]
    [InlineData("""{"user":{"username":"u","password":"secret"}}""", "pump", null, false)]
    [InlineData("""{"user":{"username":"pump","password":"secret"}}""", "p", null, true)]
    [InlineData("""{"user":{"username":"p","password":"secret","unique":true}}""", "p", null, true)]
    [InlineData("""{"user":{"username":"p","password":"secret","unique":true}}""", "pump", null, false)]
    [InlineData("""{"user":{"username":"p","password":"secret"}}""", "p", null, false)]
    public async Task A_password_passes_against_what_the_rules_name(string credential, string device, string? user, bool passes)
    {
        await _fleet.DeviceAsync("pump", """{"spec":{"alias":["p"],"authentication":{"credentials":[""" + credential + "]}}}");

        (await LoginAsync(device, user, "secret")).IsAccepted.ShouldBe(passes);
        (await LoginAsync(device, user, "wrong")).Refusal.ShouldBe(DeviceRefusal.BadCredentials);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_and_who_was_let_in_before_is_not()
    {
        await _fleet.DeviceAsync("pump", """{"spec":{"authentication":{"credentials":[{"pass":"secret"}]}}}""");
        (await LoginAsync("pump", null, "secret")).IsAccepted.ShouldBeTrue();
        for (var guess = 0; guess < 10; guess++) (await LoginAsync("pump", null, "wrong")).Refusal.ShouldBe(DeviceRefusal.BadCredentials);

        (await LoginAsync("pump", null, "wrong")).Refusal.ShouldBe(DeviceRefusal.TooManyAttempts);
        (await LoginAsync("pump", null, "secret")).IsAccepted.ShouldBeTrue();

        _fleet.Clock.Advance(TimeSpan.FromSeconds(6));
        (await LoginAsync("pump", null, "wrong")).Refusal.ShouldBe(DeviceRefusal.BadCredentials);
    }

    [Fact]
    public async Task Of_several_keys_the_one_counts_that_has_no_validity_then_the_one_that_began_first()
    {
        await _fleet.DeviceAsync(
            "pump",
            """
            {"spec":{"authentication":{"credentials":[
              {"psk":{"key":"AQ==","validity":{"notBefore":"2025-06-01T00:00:00Z","notAfter":"2027-01-01T00:00:00Z"}}},
              {"psk":{"key":"Ag==","validity":{"notBefore":"2025-01-01T00:00:00Z","notAfter":"2027-01-01T00:00:00Z"}}},
              {"psk":{"key":"Aw==","validity":{"notBefore":"2020-01-01T00:00:00Z","notAfter":"2021-01-01T00:00:00Z"}}}]}}}
            """);
        (await _fleet.Devices.Registry.FindPreSharedKeyAsync("pump@plant", CancellationToken.None)).ShouldBe(new byte[] { 2 });
        (await _fleet.Devices.Registry.FindPreSharedKeyAsync("nobody@plant", CancellationToken.None)).ShouldBeNull();

        await _fleet.DeviceAsync("tank", """{"spec":{"authentication":{"credentials":[{"psk":{"key":"AQ==","validity":{"notBefore":"2020-01-01T00:00:00Z"}}},{"psk":{"key":"BA=="}}]}}}""");
        (await _fleet.Devices.Registry.FindPreSharedKeyAsync("tank@plant", CancellationToken.None)).ShouldBe(new byte[] { 4 });
    }

    [Fact]
    public async Task A_gateway_speaks_for_those_who_list_it_and_a_change_holds_at_once()
    {
        await _fleet.DeviceAsync("gw");
        await _fleet.DeviceAsync("pump", """{"spec":{"alias":["p"],"gatewaySelector":{"matchNames":["gw"]}}}""");
        await _fleet.DeviceAsync("tank");
        var gateway = await _fleet.IdentityAsync("gw");

        (await RuleAsync(gateway, "gw")).Device.ShouldBe("gw");
        (await RuleAsync(gateway, "p")).Device.ShouldBe("pump");
        (await RuleAsync(gateway, "tank")).Refusal.ShouldBe(DeviceRulingRefusal.NotItsGateway);
        (await RuleAsync(gateway, "nope")).Refusal.ShouldBe(DeviceRulingRefusal.UnknownDevice);

        await _fleet.DoAsync("edge/devices", "update", """{"application":"plant","_id":"pump","body":{"spec":{"gatewaySelector":{"matchNames":[]}}}}""");
        (await RuleAsync(gateway, "pump")).Refusal.ShouldBe(DeviceRulingRefusal.NotItsGateway);
        await _fleet.DoAsync("edge/devices", "disable", """{"application":"plant","_id":"gw"}""");
        (await RuleAsync(gateway, "gw")).Refusal.ShouldBe(DeviceRulingRefusal.Disabled);
    }

    [Fact]
    public async Task A_certificate_is_the_device_whose_alias_is_its_subject()
    {
        var clock = new ManualClock();
        clock.Advance(TestAuthority.Now - clock.GetUtcNow());
        await _fleet.DisposeAsync();
        _fleet = await FleetFixture.StartAsync(clock: clock);
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority();
        var anchor = new JsonObject { ["certificate"] = Convert.ToBase64String(authority.Root.RawData) }.ToJsonString();
        await _fleet.PlantAsync("""{"spec":{"trustAnchors":{"anchors":[""" + anchor + "]}}}");
        await _fleet.DeviceAsync("pump", """{"spec":{"alias":["CN=dev1"]}}""");
        using var good = authority.IssueClient("dev1");
        using var unknown = authority.IssueClient("dev2");
        using var forged = stranger.IssueClient("dev1");

        (await PresentAsync(good)).Identity.ShouldNotBeNull().Device.ShouldBe("pump");
        (await PresentAsync(unknown)).Refusal.ShouldBe(DeviceRefusal.BadCredentials);
        (await PresentAsync(forged)).Refusal.ShouldBe(DeviceRefusal.BadCredentials, "the issuer has the same name and another key");

        await _fleet.DoAsync("edge/applications", "replace", """{"_id":"plant","body":{}}""");
        (await PresentAsync(good)).IsAccepted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_certificate_may_come_through_others_that_come_with_it()
    {
        var clock = new ManualClock();
        clock.Advance(TestAuthority.Now - clock.GetUtcNow());
        await _fleet.DisposeAsync();
        _fleet = await FleetFixture.StartAsync(clock: clock);
        using var authority = new TestAuthority();
        using var stranger = new TestAuthority();
        using var intermediate = authority.IssueIntermediate("Test line 3");
        using var forged = stranger.IssueIntermediate("Test line 3");
        using var good = authority.IssueClient("dev1", TestAuthority.Now.AddDays(100), intermediate);
        using var bad = stranger.IssueClient("dev1", TestAuthority.Now.AddDays(100), forged);
        await _fleet.PlantAsync(AnchoredIn(authority.Root));
        await _fleet.DeviceAsync("pump", """{"spec":{"alias":["CN=dev1"]}}""");

        (await PresentAsync(good, intermediate)).Identity.ShouldNotBeNull().Device.ShouldBe("pump");
        (await PresentAsync(good, stranger.Root, intermediate)).IsAccepted.ShouldBeTrue("what does not belong to it does no harm");
        (await PresentAsync(good)).Refusal.ShouldBe(DeviceRefusal.BadCredentials, "nobody knows who has signed it");
        (await PresentAsync(bad, forged)).Refusal.ShouldBe(DeviceRefusal.BadCredentials, "the names are right and the keys are not");
        (await PresentAsync(bad, intermediate)).Refusal.ShouldBe(DeviceRefusal.BadCredentials);

        await _fleet.DoAsync("edge/applications", "replace", new JsonObject { ["_id"] = "plant", ["body"] = JsonNode.Parse(AnchoredIn(intermediate)) }.ToJsonString());
        (await PresentAsync(good)).IsAccepted.ShouldBeTrue("an anchor need not be a root");
    }

    private static string AnchoredIn(X509Certificate2 anchor) =>
        """{"spec":{"trustAnchors":{"anchors":[{"certificate":""" + $"\"{Convert.ToBase64String(anchor.RawData)}\"" + "}]}}}";

    private async Task<DeviceAuthentication> PresentAsync(
        X509Certificate2 certificate, params X509Certificate2[] intermediates) =>
        await _fleet.Devices.Registry.AuthenticateAsync(new DeviceCertificate(certificate, intermediates), origin: null, CancellationToken.None);

    private async Task<DeviceRuling> RuleAsync(DeviceIdentity gateway, string target) => await _fleet.Devices.Registry.MayActForAsync(gateway, target, CancellationToken.None);

    private async Task<DeviceAuthentication> LoginAsync(string device, string? user, string password) => await _fleet.Devices.Registry.AuthenticateAsync(
        user is null ? new DevicePassword("plant", device, password) : new DeviceUserPassword("plant", device, user, password), origin: null, CancellationToken.None);
}
