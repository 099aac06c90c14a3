using System.Text;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Devices.Tests.Sensors;

namespace Kuzzle.Edge.Devices.Tests.Registry;

/// <summary>Devices that are changed by somebody who is not the registry: the upstream by sync, an administrator by an index, a restored copy.</summary>
public sealed class ForeignChangeTests : IAsyncLifetime
{
    private static readonly CollectionName Devices = new("plant", "devices");

    private FleetFixture _fleet = null!;

    public async Task InitializeAsync()
    {
        _fleet = await FleetFixture.StartAsync();
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("gw");
        await _fleet.DeviceAsync("pump", """{"spec":{"authentication":{"credentials":[{"pass":"one"},{"pass":"two"}]},"gatewaySelector":{"matchNames":["gw"]}}}""");
        await _fleet.DeviceAsync("tank");
    }

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public async Task A_device_that_the_upstream_disables_is_thrown_out()
    {
        var (pump, tank) = (await _fleet.ConnectAsync("pump"), await _fleet.ConnectAsync("tank"));

        await SyncAsync("pump", document => document["spec"]!["core"] = new JsonObject { ["disabled"] = true });

        pump.End.ShouldBe(SessionEnd.Disabled);
        tank.End.ShouldBeNull();
        (await LoginAsync("one")).IsAccepted.ShouldBeFalse();
        (await _fleet.Devices.Events.AcceptAsync(await _fleet.SaidAsync("pump", "temp"), CancellationToken.None)).Fate.ShouldBe(EventFate.Rejected);

        await SyncAsync("pump", document => document["spec"]!["core"] = new JsonObject { ["disabled"] = false });
        (await LoginAsync("one")).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_device_that_the_upstream_deletes_is_gone_with_its_secrets()
    {
        var session = await _fleet.ConnectAsync("pump");

        await WriteAsync("pump", json: null);

        session.End.ShouldBe(SessionEnd.Deleted);
        (await LoginAsync("one")).IsAccepted.ShouldBeFalse();
        (await _fleet.StoredAsync("device-credentials", "%kuzzle")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_device_that_the_upstream_makes_anew_is_somebody_else()
    {
        var session = await _fleet.ConnectAsync("pump");

        await SyncAsync("pump", document => document["metadata"]!["uid"] = "another");

        session.End.ShouldBe(SessionEnd.Deleted);
        (await LoginAsync("one")).IsAccepted.ShouldBeFalse("the passwords were those of the other one");
    }

    [Fact]
    public async Task A_right_that_the_upstream_gives_or_takes_holds_at_once()
    {
        var gateway = await _fleet.IdentityAsync("gw");
        (await RuleAsync(gateway, "pump")).IsAllowed.ShouldBeTrue();

        await SyncAsync("pump", document => document["spec"]!["gatewaySelector"]!["matchNames"] = new JsonArray());
        await SyncAsync("tank", document => document["spec"]!["gatewaySelector"] = new JsonObject { ["matchNames"] = new JsonArray("gw") });

        (await RuleAsync(gateway, "pump")).Refusal.ShouldBe(DeviceRulingRefusal.NotItsGateway);
        (await RuleAsync(gateway, "tank")).IsAllowed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_password_that_the_upstream_writes_is_hashed_and_is_in_no_document()
    {
        await _fleet.SubscribeAsync("devices");

        await WriteAsync("new", """{"spec":{"alias":["n"],"authentication":{"credentials":[{"pass":"swordfish"},{"user":{"username":"u","password":"swordfish"}}]}}}""");

        (await LoginAsync("swordfish", "n")).Identity.ShouldNotBeNull().Device.ShouldBe("new");
        var stored = await _fleet.Store.FindAsync(Devices, "new", CancellationToken.None);
        Encoding.UTF8.GetString(stored!.Json.Span).ShouldNotContain("swordfish");
        stored.Source.GetProperty("metadata").GetProperty("uid").GetString().ShouldNotBeNullOrEmpty();
        string.Join('\n', (await _fleet.StoredAsync("device-credentials", "%kuzzle")).Select(document => Encoding.UTF8.GetString(document.Json.Span))).ShouldNotContain("swordfish");

        _fleet = await _fleet.RestartAsync();
        (await LoginAsync("swordfish", "new")).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Secrets_that_came_just_before_a_crash_are_taken_out_at_the_next_start()
    {
        await _fleet.DisposeAsync();
        await _fleet.Store.WriteAsync(Devices, [new Commands.LeftBehind("new", """{"spec":{"authentication":{"credentials":[{"pass":"swordfish"}]}}}""")], CancellationToken.None);

        _fleet = await FleetFixture.StartAsync(_fleet.Store, _fleet.Clock);
        await _fleet.Devices.WhenSettledAsync();

        (await LoginAsync("swordfish", "new")).IsAccepted.ShouldBeTrue();
        Encoding.UTF8.GetString((await _fleet.Store.FindAsync(Devices, "new", CancellationToken.None))!.Json.Span).ShouldNotContain("swordfish");
    }

    [Fact]
    public async Task A_credential_that_the_upstream_leaves_out_is_taken_away_and_the_others_stay()
    {
        var session = await _fleet.ConnectAsync("pump");

        await SyncAsync("pump", document => document["spec"]!["authentication"]!["credentials"]!.AsArray().RemoveAt(0));

        session.End.ShouldBe(SessionEnd.CredentialsChanged);
        (await LoginAsync("one")).IsAccepted.ShouldBeFalse();
        (await LoginAsync("two")).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public async Task An_older_state_that_comes_late_takes_no_credentials_away()
    {
        await SyncAsync("pump", document => document["spec"]!["authentication"] = JsonNode.Parse("""{"credentials":[{"pass":{"id":"of-yesterday","scheme":"pbkdf2"}}]}"""));

        (await LoginAsync("one")).IsAccepted.ShouldBeTrue();
        var shown = await _fleet.DoAsync("edge/devices", "get", """{"application":"plant","_id":"pump"}""");
        shown["_source"]!["spec"]!["authentication"]!["credentials"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_document_that_cannot_be_read_shuts_its_device_out_and_harms_no_other()
    {
        await SyncAsync("pump", document => document["spec"]!["mqtt"] = JsonNode.Parse("""{"dialect":{"type":"azure"}}"""));
        await SyncAsync("tank", document => document["metadata"]!["name"] = "gw");

        (await LoginAsync("one")).Refusal.ShouldBe(DeviceRefusal.UnreadableConfiguration);
        (await _fleet.AskAsync("edge/devices", "get", """{"application":"plant","_id":"gw"}""")).Error.ShouldBeNull();
        (await _fleet.IdentityAsync("gw")).Device.ShouldBe("gw", "nobody takes the name of another by his document");
    }

    [Theory]
    [InlineData("index", "delete", """{"index":"plant"}""")]
    [InlineData("collection", "delete", """{"index":"plant","collection":"devices"}""")]
    [InlineData("collection", "truncate", """{"index":"plant","collection":"devices"}""")]
    public async Task Whoever_removes_the_documents_removes_the_devices(string controller, string action, string request)
    {
        var session = await _fleet.ConnectAsync("pump");

        (await _fleet.AskAsync(controller, action, request)).Error.ShouldBeNull();

        await Waiting.UntilAsync(() => session.End is not null);
        session.End.ShouldBe(SessionEnd.Deleted);
        (await LoginAsync("one")).IsAccepted.ShouldBeFalse();
        await Waiting.UntilAsync(async () => (await _fleet.StoredAsync("device-credentials", "%kuzzle")).Count == 0);
    }

    [Fact]
    public async Task Many_changes_of_the_upstream_while_the_registry_changes_the_same_devices_leave_what_is_stored()
    {
        var random = new Random(7);
        var changes = new List<Task>();
        for (var i = 0; i < 200; i++)
        {
            var device = random.Next(2) == 0 ? "tank" : "gw";
            var disabled = random.Next(2) == 0 ? "true" : "false";
            changes.Add(random.Next(2) == 0
                ? WriteAsync(device, $$$"""{"metadata":{"name":"{{{device}}}","uid":"u-{{{device}}}"},"spec":{"round":{{{i}}},"core":{"disabled":{{{disabled}}} } } }""")
                : _fleet.AskAsync("edge/devices", "update", $$$"""{"application":"plant","_id":"{{{device}}}","body":{"spec":{"round":{{{i}}},"core":{"disabled":{{{disabled}}} } } } }"""));
        }

        await Task.WhenAll(changes);
        await _fleet.Devices.StopAsync();

        foreach (var device in (string[])["tank", "gw"])
        {
            var stored = (await _fleet.Store.FindAsync(Devices, device, CancellationToken.None))!.Source;
            var known = (await _fleet.DoAsync("edge/devices", "get", $$"""{"application":"plant","_id":"{{device}}"}"""))["_source"]!;
            ((int)known["spec"]!["round"]!).ShouldBe(stored.GetProperty("spec").GetProperty("round").GetInt32());
            ((bool)known["spec"]!["core"]!["disabled"]!).ShouldBe(stored.GetProperty("spec").GetProperty("core").GetProperty("disabled").GetBoolean());
        }
    }

    /// <summary>The upstream has changed the document that it knows.</summary>
    private async Task SyncAsync(string device, Action<JsonObject> change)
    {
        var stored = (await _fleet.Store.FindAsync(Devices, device, CancellationToken.None)).ShouldNotBeNull();
        var document = JsonNode.Parse(stored.Json.Span)!.AsObject();
        change(document);
        await WriteAsync(device, document.ToJsonString());
    }

    /// <summary>A document comes down, and the registry has heard of it.</summary>
    private async Task WriteAsync(string id, string? json)
    {
        ReadOnlyMemory<byte>? held = json is null ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(json);
        var outcomes = await _fleet.Api.TakeAsync(Devices, [new UpstreamWrite(Devices, id, held, ConflictPolicy.Cloud, Devices)], CancellationToken.None);
        outcomes.ShouldNotBeNull();
        await _fleet.Devices.WhenSettledAsync();
    }

    private async Task<DeviceAuthentication> LoginAsync(string password, string device = "pump") =>
        await _fleet.Devices.Registry.AuthenticateAsync(new DevicePassword("plant", device, password), origin: null, CancellationToken.None);

    private async Task<DeviceRuling> RuleAsync(DeviceIdentity gateway, string target) => await _fleet.Devices.Registry.MayActForAsync(gateway, target, CancellationToken.None);
}
