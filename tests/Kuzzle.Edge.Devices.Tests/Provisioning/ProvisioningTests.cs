using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Security.Credentials;
using Kuzzle.Edge.Devices.Provisioning;
using Kuzzle.Edge.Devices.Registry;
using Kuzzle.Edge.Devices.Registry.Secrets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Devices.Tests.Provisioning;

/// <summary>Devices of the configuration.</summary>
public sealed class ProvisioningTests : IAsyncLifetime
{
    private const string Everything =
        """
        {
          "pump": { "metadata": { "labels": { "hall": "3" } }, "spec": { "alias": ["p"], "authentication": { "credentials": [
            { "pass": "one" },
            { "pass": { "plain": "two" } },
            { "user": { "username": "u", "password": "three", "unique": true } },
            { "user": { "username": "v", "password": "three" } },
            { "psk": { "key": "AQID" } },
            { "psk": { "key": "BAUG", "validity": { "notBefore": "2025-01-01T00:00:00Z", "notAfter": "2030-01-01T00:00:00+01:00" } } },
            { "pass": { "bcrypt": "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW" } }] } } },
          "older": { "spec": { "credentials": { "credentials": [{ "pass": "one" }] } } },
          "same": { "spec": { "authentication": { "credentials": [{ "pass": "one" }, { "pass": "one" }] } } },
          "copied": { "metadata": { "name": "copied", "uid": "0", "generation": 7, "resourceVersion": "x", "creationTimestamp": "2020-01-01T00:00:00Z" }, "_kuzzle_info": { "author": "me" } },
          "proxied": { "spec": { "authentication": {}, "gatewaySelector": { "matchNames": ["pump"] } }, "edge": { "store": "last" } },
          "bare": {}
        }
        """;

    private static readonly DeviceOptions Keyed = new() { PasswordIterations = 10, DeclarationKey = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef") };

    private FleetFixture? _fleet;

    private FleetFixture Fleet => _fleet ?? throw new InvalidOperationException("Nothing was started.");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_fleet is not null) await _fleet.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_declared_again_writes_nothing_and_tells_nobody(bool hasKey)
    {
        var options = hasKey ? Keyed : new DeviceOptions { PasswordIterations = 10 };
        var declared = Declared(Everything, """{"plant":{"edge":{"store":"all"},"spec":{"publish":{"rules":[]}},"status":{}}}""");
        _fleet = await FleetFixture.StartAsync(declared: declared, options: options);
        Fleet.Faults.ShouldBeEmpty();
        var before = await EverythingStoredAsync();

        _fleet = await Fleet.RestartAsync(declared, options);
        await Fleet.SubscribeAsync("devices");
        await Fleet.SubscribeAsync("events");
        (await Fleet.Devices.ProvisionAsync(declared, CancellationToken.None)).ShouldBeEmpty();

        Fleet.Faults.ShouldBeEmpty();
        (await EverythingStoredAsync()).ShouldBe(before);
        lock (Fleet.Heard) Fleet.Heard.ShouldBeEmpty();
        before.Count.ShouldBe(6 + 3 + 1 + 1, "devices, credentials of three, the application, and what was declared");
    }

    [Fact]
    public async Task A_password_that_is_declared_again_is_not_hashed_again()
    {
        var declared = Declared(Everything);
        _fleet = await FleetFixture.StartAsync(declared: declared, options: Keyed);

        // Nothing can be hashed here: whatever would have to be is a fault.
        (await ProvisionWithoutHashingAsync(declared, Keyed)).ShouldBeEmpty();
        (await ProvisionWithoutHashingAsync(declared, Keyed with { DeclarationKey = new byte[32] })).ShouldContain(fault => fault.Contains("Too many passwords", StringComparison.Ordinal));
        (await ProvisionWithoutHashingAsync(Declared(Everything.Replace("\"one\"", "\"other\"", StringComparison.Ordinal)), Keyed)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_lost_key_is_made_good_by_the_next_start()
    {
        var declared = Declared("""{"pump":{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}}""");
        _fleet = await FleetFixture.StartAsync(declared: declared, options: Keyed);
        var other = Keyed with { DeclarationKey = new byte[32] };
        var devices = await Fleet.StoredAsync("devices");

        _fleet = await Fleet.RestartAsync(declared, other);

        (await Fleet.StoredAsync("devices")).Single().Version.ShouldBe(devices.Single().Version);
        (await ProvisionWithoutHashingAsync(declared, other)).ShouldBeEmpty();
        (await LoginAsync("one")).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_that_is_kept_of_a_declared_password_is_a_plain_digest_of_it()
    {
        _fleet = await FleetFixture.StartAsync(declared: Declared("""{"pump":{"spec":{"authentication":{"credentials":[{"pass":"swordfish"}]}}}}"""), options: Keyed);

        var kept = Encoding.UTF8.GetString((await Fleet.StoredAsync("device-credentials", "%kuzzle")).Single().Json.Span);

        kept.ShouldContain("declared");
        kept.ShouldNotContain("swordfish");
        foreach (var digest in (byte[][])[System.Security.Cryptography.SHA256.HashData("swordfish"u8), System.Security.Cryptography.SHA512.HashData("swordfish"u8)])
        {
            kept.ShouldNotContain(Convert.ToBase64String(digest));
            kept.ShouldNotContain(Convert.ToHexStringLower(digest));
        }

        var shown = (await Fleet.DoAsync("edge/devices", "get", """{"application":"plant","_id":"pump"}""")).ToJsonString();
        shown.ShouldNotContain("declared");
    }

    [Fact]
    public async Task A_changed_password_replaces_the_old_one_and_ends_the_session_that_began_with_it()
    {
        _fleet = await FleetFixture.StartAsync(declared: Declared("""{"pump":{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}}"""), options: Keyed);
        (await LoginAsync("one")).IsAccepted.ShouldBeTrue();
        var session = await Fleet.ConnectAsync("pump");

        (await Fleet.Devices.ProvisionAsync(Declared("""{"pump":{"spec":{"authentication":{"credentials":[{"pass":"two"}]}}}}"""), CancellationToken.None)).ShouldBeEmpty();

        session.End.ShouldBe(SessionEnd.CredentialsChanged);
        (await LoginAsync("one")).IsAccepted.ShouldBeFalse();
        (await LoginAsync("two")).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_declaration_says_wins_and_what_it_does_not_say_stays()
    {
        var declared = Declared("""{"pump":{"metadata":{"labels":{"hall":"3"}},"spec":{"authentication":{},"core":{"disabled":false}}}}""");
        _fleet = await FleetFixture.StartAsync(declared: declared, options: Keyed);
        await Fleet.DoAsync(
            "edge/devices",
            "update",
            """{"application":"plant","_id":"pump","body":{"metadata":{"labels":{"hall":"4","line":"b"}},"spec":{"core":{"disabled":true},"alias":["p"],"authentication":{"credentials":[{"pass":"mine"}]}}}}""");

        (await Fleet.Devices.ProvisionAsync(declared, CancellationToken.None)).ShouldBeEmpty();

        var source = (await Fleet.DoAsync("edge/devices", "get", """{"application":"plant","_id":"pump"}"""))["_source"]!;
        source["metadata"]!["labels"]!.ToJsonString().ShouldBe("""{"hall":"3","line":"b"}""");
        ((bool)source["spec"]!["core"]!["disabled"]!).ShouldBeFalse();
        source["spec"]!["alias"]!.ToJsonString().ShouldBe("""["p"]""");
        source["spec"]!["authentication"]!.ToJsonString().ShouldBe("{}", "it may not connect by itself, says the declaration");
        (await Fleet.StoredAsync("device-credentials", "%kuzzle")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_declaration_that_changes_something_else_leaves_the_credentials_and_the_session_alone()
    {
        _fleet = await FleetFixture.StartAsync(declared: Declared("""{"pump":{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}}"""), options: Keyed);
        var session = await Fleet.ConnectAsync("pump");

        (await Fleet.Devices.ProvisionAsync(Declared("""{"pump":{"spec":{"alias":["p"],"authentication":{"credentials":[{"pass":"one"}]}}}}"""), CancellationToken.None)).ShouldBeEmpty();

        session.End.ShouldBeNull();
        (await LoginAsync("one")).IsAccepted.ShouldBeTrue();
        (await Fleet.Devices.Registry.AuthenticateAsync(new DevicePassword("plant", "p", "one"), origin: null, CancellationToken.None)).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_device_that_is_declared_disabled_is_thrown_out()
    {
        _fleet = await FleetFixture.StartAsync(declared: Declared("""{"pump":{}}"""), options: Keyed);
        var session = await Fleet.ConnectAsync("pump");

        await Fleet.Devices.ProvisionAsync(Declared("""{"pump":{"spec":{"core":{"disabled":true}}}}"""), CancellationToken.None);

        session.End.ShouldBe(SessionEnd.Disabled);
    }

    [Fact]
    public async Task A_right_that_the_declaration_takes_away_is_gone_at_once()
    {
        _fleet = await FleetFixture.StartAsync(declared: Declared("""{"gw":{},"pump":{"spec":{"gatewaySelector":{"matchNames":["gw"]}}}}"""), options: Keyed);
        var gateway = await Fleet.IdentityAsync("gw");
        (await Fleet.Devices.Registry.MayActForAsync(gateway, "pump", CancellationToken.None)).IsAllowed.ShouldBeTrue();

        await Fleet.Devices.ProvisionAsync(Declared("""{"gw":{},"pump":{"spec":{"gatewaySelector":{"matchNames":[]}}}}"""), CancellationToken.None);

        (await Fleet.Devices.Registry.MayActForAsync(gateway, "pump", CancellationToken.None)).Refusal.ShouldBe(DeviceRulingRefusal.NotItsGateway);
    }

    [Fact]
    public async Task A_device_that_is_declared_no_longer_is_disabled_once_and_comes_back_with_its_declaration()
    {
        using var log = new RecordingLoggers();
        var both = Declared("""{"pump":{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}},"tank":{}}""");
        var less = Declared("""{"tank":{}}""");
        _fleet = await FleetFixture.StartAsync(declared: both, options: Keyed, loggers: log);
        await Fleet.DeviceAsync("other");
        var (session, other) = (await Fleet.ConnectAsync("pump"), await Fleet.ConnectAsync("other"));

        await Fleet.Devices.ProvisionAsync(less, CancellationToken.None);

        session.End.ShouldBe(SessionEnd.Disabled);
        other.End.ShouldBeNull("nobody has ever declared it");
        (await LoginAsync("one")).IsAccepted.ShouldBeFalse();
        log.At(LogLevel.Warning).ShouldHaveSingleItem().ShouldBe("The device pump of plant is declared no longer, and is disabled");

        // Whoever enables it has his way: it is not disabled again at every start.
        await Fleet.DoAsync("edge/devices", "update", """{"application":"plant","_id":"pump","body":{"spec":{"core":{"disabled":false}}}}""");
        _fleet = await Fleet.RestartAsync(less, Keyed, log);
        (await LoginAsync("one")).IsAccepted.ShouldBeTrue();

        await Fleet.DoAsync("edge/devices", "disable", """{"application":"plant","_id":"pump"}""");
        _fleet = await Fleet.RestartAsync(both, Keyed, log);
        (await LoginAsync("one")).IsAccepted.ShouldBeTrue();
        log.At(LogLevel.Warning).Count().ShouldBe(1);

        // Declared, it is the operator's to disable: the declaration says nothing of that.
        await Fleet.DoAsync("edge/devices", "disable", """{"application":"plant","_id":"pump"}""");
        _fleet = await Fleet.RestartAsync(both, Keyed, log);
        (await LoginAsync("one")).IsAccepted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_declaration_that_went_while_the_gateway_was_off_is_noticed_at_the_start()
    {
        _fleet = await FleetFixture.StartAsync(declared: Declared("""{"pump":{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}}"""), options: Keyed);

        _fleet = await Fleet.RestartAsync(DeclaredRegistry.Empty, Keyed);

        (await LoginAsync("one")).IsAccepted.ShouldBeFalse();
        (await Fleet.AskAsync("edge/applications", "get", """{"_id":"plant"}""")).Error.ShouldBeNull("an application has devices of others, too");
    }

    [Fact]
    public async Task Devices_stay_without_their_declaration_where_that_is_wanted()
    {
        using var log = new RecordingLoggers();
        var keep = Keyed with { Withdrawn = WithdrawnDevices.Keep };
        _fleet = await FleetFixture.StartAsync(declared: Declared("""{"pump":{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}}"""), options: keep, loggers: log);

        _fleet = await Fleet.RestartAsync(DeclaredRegistry.Empty, keep, log);
        (await LoginAsync("one")).IsAccepted.ShouldBeTrue();
        _fleet = await Fleet.RestartAsync(DeclaredRegistry.Empty, keep, log);

        log.At(LogLevel.Warning).ShouldBe(
            ["The application plant is declared no longer, and stays as it is", "The device pump of plant is declared no longer, and stays as it is"]);
    }

    [Fact]
    public async Task What_is_wrong_is_left_out_and_said_and_the_rest_is_done()
    {
        using var log = new RecordingLoggers();
        _fleet = await FleetFixture.StartAsync(
            declared: new DeclaredRegistry(
                Documents("""{"plant":{}}"""),
                new Dictionary<string, IReadOnlyDictionary<string, JsonElement>>(StringComparer.Ordinal)
                {
                    ["nowhere"] = Documents("""{"pump":{}}"""),
                    ["plant"] = Documents("""{"a":{"spec":{"alias":["x"]}},"b":{"spec":{"alias":["x"]}},"c":{}}"""),
                }),
            options: Keyed,
            loggers: log);

        Fleet.Faults.ShouldBe(
            ["devices.nowhere.pump: There is no application \"nowhere\".", "devices.plant.b: spec.alias[0] belongs to the device \"a\""]);
        (await Fleet.StoredAsync("devices")).Select(document => document.Id).ShouldBe(["a", "c"]);
        log.At(LogLevel.Error).Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_large_fleet_comes_in_the_order_of_its_declaration_each_with_its_own_password()
    {
        var devices = Enumerable.Range(0, 200).Select(number =>
            $$$"""
            "d{{{number}}}":{"spec":{"alias":["{{{(number is 60 or 70 or 199 ? "same" : $"a{number}")}}}"],"authentication":{"credentials":[{"pass":"p{{{number}}}"}]} } }
            """);

        _fleet = await FleetFixture.StartAsync(declared: Declared($"{{{string.Join(',', devices)}}}"), options: Keyed);

        Fleet.Faults.ShouldBe(["devices.plant.d70: spec.alias[0] belongs to the device \"d60\"", "devices.plant.d199: spec.alias[0] belongs to the device \"d60\""]);
        (await Fleet.StoredAsync("devices")).Count.ShouldBe(198);
        foreach (var number in (int[])[0, 63, 64, 198])
        {
            (await Fleet.Devices.Registry.AuthenticateAsync(new DevicePassword("plant", $"d{number}", $"p{number}"), origin: null, CancellationToken.None)).IsAccepted.ShouldBeTrue($"d{number}");
        }
    }

    private static DeclaredRegistry Declared(string devices, string applications = """{"plant":{}}""") => new(
        Documents(applications), new Dictionary<string, IReadOnlyDictionary<string, JsonElement>>(StringComparer.Ordinal) { ["plant"] = Documents(devices) });

    private static Dictionary<string, JsonElement> Documents(string json) =>
        JsonDocument.Parse(json).RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);

    private async Task<IReadOnlyList<string>> ProvisionWithoutHashingAsync(DeclaredRegistry declared, DeviceOptions options)
    {
        using var work = new PasswordWork(mostWaiting: 0);
        using var registry = new DeviceRegistry(Fleet.Api, options, work, Fleet.Clock, NullLogger.Instance);
        await registry.OpenAsync(CancellationToken.None);
        var ledger = new DeclarationLedger(Fleet.Api);
        await ledger.OpenAsync(CancellationToken.None);
        var credentials = new DeclaredCredentials(registry, new DeclaredPasswords(options.DeclarationKey), new ProvenSecrets(100));
        return await new Provisioner(registry, ledger, credentials, options.Withdrawn, NullLogger.Instance).ApplyAsync(declared, work, CancellationToken.None);
    }

    private async Task<DeviceAuthentication> LoginAsync(string password) =>
        await Fleet.Devices.Registry.AuthenticateAsync(new DevicePassword("plant", "pump", password), origin: null, CancellationToken.None);

    /// <summary>All documents of the registry, with their versions.</summary>
    private async Task<List<string>> EverythingStoredAsync()
    {
        var all = new List<string>();
        foreach (var (index, collection) in ((string, string)[])[("plant", "devices"), ("%kuzzle", "applications"), ("%kuzzle", "device-credentials"), ("%kuzzle", "device-declarations")])
        {
            all.AddRange((await Fleet.StoredAsync(collection, index)).Select(document => $"{document.Id} {document.Version} {Encoding.UTF8.GetString(document.Json.Span)}"));
        }

        return all;
    }
}
