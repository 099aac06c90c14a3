using System.Text;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Devices.Tests.Registry;

public sealed class DeviceRegistryTests : IAsyncLifetime
{
    private FleetFixture _fleet = null!;

    public async Task InitializeAsync() => _fleet = await FleetFixture.StartAsync();

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public async Task A_device_is_a_document_with_its_metadata()
    {
        await _fleet.PlantAsync();

        var made = await _fleet.DeviceAsync("pump", """{"metadata":{"labels":{"hall":"3"}},"spec":{"alias":["p1"],"own":{"section":[1,2]}}}""");

        var source = made["_source"]!;
        ((string)source["metadata"]!["name"]!).ShouldBe("pump");
        ((string)source["metadata"]!["application"]!).ShouldBe("plant");
        ((long)source["metadata"]!["generation"]!).ShouldBe(1);
        ((string)source["metadata"]!["labels"]!["hall"]!).ShouldBe("3");
        source["spec"]!["own"]!["section"]!.ToJsonString().ShouldBe("[1,2]", "sections that nobody knows are kept");
        var stored = (await _fleet.StoredAsync("devices")).Single();
        stored.Id.ShouldBe("pump");
        JsonNode.DeepEquals(JsonObject.Create(stored.Source), source).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"other"}}""", "metadata.name")]
    [InlineData("""{"metadata":{"colour":"red"}}""", "metadata.colour")]
    [InlineData("""{"metadata":{"labels":{"a":1}}}""", "metadata.labels.a")]
    [InlineData("""{"spec":[]}""", "spec")]
    [InlineData("""{"colour":"red"}""", "colour")]
    [InlineData("""{"spec":{"core":{"disabled":"yes"}}}""", "spec.core.disabled")]
    [InlineData("""{"spec":{"alias":"x"}}""", "spec.alias")]
    [InlineData("""{"spec":{"alias":["a+b"]}}""", "spec.alias[0]")]
    [InlineData("""{"spec":{"alias":["tank"]}}""", "spec.alias[0]")]
    [InlineData("""{"spec":{"gatewaySelector":{"matchNames":["ok",5]}}}""", "spec.gatewaySelector.matchNames[1]")]
    [InlineData("""{"spec":{"gatewaySelector":{"matchNames":["t1"]}}}""", "spec.gatewaySelector.matchNames[0]")]
    [InlineData("""{"spec":{"mqtt":{"dialect":{"type":"azure"}}}}""", "spec.mqtt")]
    [InlineData("""{"spec":{"authentication":{"credentials":[{"pass":5}]}}}""", "spec.authentication.credentials[0].pass")]
    [InlineData("""{"spec":{"authentication":{"credentials":[{"pass":{"md5":"x"}}]}}}""", "spec.authentication.credentials[0].pass")]
    [InlineData("""{"spec":{"authentication":{"credentials":[{"pass":{"bcrypt":"$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"}}]}}}""", "spec.authentication.credentials[0].pass")]
    [InlineData("""{"spec":{"authentication":{"credentials":[{"pass":{"id":"nobody"}}]}}}""", "spec.authentication.credentials[0].pass.id")]
    [InlineData("""{"spec":{"authentication":{"credentials":[{"user":{"password":"p"}}]}}}""", "spec.authentication.credentials[0].user.username")]
    [InlineData("""{"spec":{"authentication":{"credentials":[{"psk":{"key":"!"}}]}}}""", "spec.authentication.credentials[0].psk.key")]
    [InlineData("""{"spec":{"authentication":{"credentials":[{"psk":{"key":"AAAA","validity":{"notBefore":"soon"}}}]}}}""", "spec.authentication.credentials[0].psk.validity.notBefore")]
    [InlineData("""{"spec":{"authentication":{"credentials":[{"token":"x"}]}}}""", "spec.authentication.credentials[0]")]
    [InlineData("""{"spec":{"authentication":{"keys":[]}}}""", "spec.authentication.keys")]
    [InlineData("""{"spec":{"commands":[{"external":{"url":"http://x"}}]}}""", "spec.commands[0]")]
    [InlineData("""{"edge":{"store":"some"}}""", "edge.store")]
    [InlineData("""{"edge":{"collection":"Not A Name"}}""", "edge.collection")]
    [InlineData("""{"edge":{"collection":"devices"}}""", "edge.collection")]
    [InlineData("""{"edge":{"retention":{"maxAge":0}}}""", "edge.retention.maxAge")]
    [InlineData("""{"edge":{"retention":{"maxCount":1.5}}}""", "edge.retention.maxCount")]
    public async Task A_document_that_is_wrong_is_refused_by_the_name_of_its_field(string document, string field)
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("tank", """{"spec":{"alias":["t1"]}}""");

        var response = await _fleet.AskAsync("edge/devices", "create", $$"""{"application":"plant","_id":"pump","body":{{document}}}""");

        response.Error.ShouldNotBeNull().Status.ShouldBe(400);
        response.Error.Message.ShouldStartWith(field + " ");
        response.Error.Props.ShouldBe([field]);
        (await _fleet.StoredAsync("devices")).Count.ShouldBe(1);
        (await _fleet.StoredAsync("device-credentials", "%kuzzle")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a+b")]
    [InlineData("a#")]
    [InlineData("a\u0001b")]
    public async Task A_name_that_no_device_can_have_is_refused(string name)
    {
        await _fleet.PlantAsync();

        var response = await _fleet.AskAsync("edge/devices", "create", new JsonObject { ["application"] = "plant", ["_id"] = name, ["body"] = new JsonObject() }.ToJsonString());

        response.Error.ShouldNotBeNull().Message.ShouldStartWith("metadata.name must be text of 1 to 255 bytes");
    }

    [Theory]
    [InlineData("""{"spec":{"trustAnchors":{"anchors":[{"certificate":"AAAA"}]}}}""", "spec.trustAnchors.anchors[0].certificate")]
    [InlineData("""{"spec":{"publish":{"rules":[{"when":"sometimes","then":[]}]}}}""", "spec.publish.rules[0].when")]
    [InlineData("""{"spec":{"publish":{"rules":[{"when":{"not":{"isChannel":1}},"then":[]}]}}}""", "spec.publish.rules[0].when.not.isChannel")]
    [InlineData("""{"spec":{"publish":{"rules":[{"when":"always","then":["explode"]}]}}}""", "spec.publish.rules[0].then[0]")]
    [InlineData("""{"spec":{"publish":{"rules":[{"when":"always","then":[{"validate":{}}]}]}}}""", "spec.publish.rules[0].then[0].validate")]
    [InlineData("""{"spec":{"publish":{"rules":[{"when":"always","then":[{"setAttribute":{"name":"device","value":"x"}}]}]}}}""", "spec.publish.rules[0].then[0].setAttribute.name")]
    [InlineData("""{"index":"No Index"}""", "index")]
    public async Task An_application_that_is_wrong_is_refused_by_the_name_of_its_field(string document, string field)
    {
        var response = await _fleet.AskAsync("edge/applications", "create", $$"""{"_id":"plant","body":{{document}}}""");

        response.Error.ShouldNotBeNull().Message.ShouldStartWith(field + " ");
    }

    [Fact]
    public async Task An_application_whose_name_is_no_index_says_which_is()
    {
        var refused = await _fleet.AskAsync("edge/applications", "create", """{"_id":"My Plant","body":{}}""");
        refused.Error.ShouldNotBeNull().Message.ShouldStartWith("index must be given");

        await _fleet.DoAsync("edge/applications", "create", """{"_id":"My Plant","body":{"index":"my-plant"}}""");
        await _fleet.DoAsync("edge/devices", "create", """{"index":"my-plant","_id":"d","body":{}}""");

        (await _fleet.StoredAsync("devices", "my-plant")).Single().Id.ShouldBe("d");
        var second = await _fleet.AskAsync("edge/applications", "create", """{"_id":"my-plant","body":{}}""");
        second.Error.ShouldNotBeNull().Message.ShouldBe("index belongs to the application \"My Plant\"");
    }

    [Fact]
    public async Task Every_change_raises_the_generation_and_a_new_device_of_the_same_name_is_somebody_else()
    {
        await _fleet.PlantAsync();
        var made = await _fleet.DeviceAsync("pump", """{"metadata":{"labels":{"a":"1"}},"spec":{"alias":["p"]}}""");

        var updated = await _fleet.DoAsync("edge/devices", "update", """{"application":"plant","_id":"pump","body":{"metadata":{"labels":{"b":"2"}},"spec":{"core":{"disabled":false}}}}""");
        ((long)updated["_source"]!["metadata"]!["generation"]!).ShouldBe(2);
        updated["_source"]!["metadata"]!["labels"]!.ToJsonString().ShouldBe("""{"a":"1","b":"2"}""");
        updated["_source"]!["spec"]!["alias"]!.ToJsonString().ShouldBe("""["p"]""");

        var replaced = await _fleet.DoAsync("edge/devices", "replace", """{"application":"plant","_id":"pump","body":{}}""");
        ((long)replaced["_source"]!["metadata"]!["generation"]!).ShouldBe(3);
        replaced["_source"]!["spec"]!["alias"].ShouldBeNull();
        ((string)replaced["_source"]!["metadata"]!["uid"]!).ShouldBe((string)made["_source"]!["metadata"]!["uid"]!);

        await _fleet.DoAsync("edge/devices", "delete", """{"application":"plant","_id":"pump"}""");
        var again = await _fleet.DeviceAsync("pump");
        ((string)again["_source"]!["metadata"]!["uid"]!).ShouldNotBe((string)made["_source"]!["metadata"]!["uid"]!);
    }

    [Fact]
    public async Task Who_writes_back_an_old_state_is_told()
    {
        await _fleet.PlantAsync();
        var made = (await _fleet.DeviceAsync("pump"))["_source"]!.AsObject();
        await _fleet.DoAsync("edge/devices", "update", """{"application":"plant","_id":"pump","body":{"spec":{"x":1}}}""");

        var response = await _fleet.AskAsync("edge/devices", "replace", new JsonObject { ["application"] = "plant", ["_id"] = "pump", ["body"] = made.DeepClone() }.ToJsonString());

        response.Error.ShouldNotBeNull().Status.ShouldBe(412);
        response.Error.Message.ShouldContain("metadata.resourceVersion");
    }

    [Fact]
    public async Task No_secret_is_in_anything_that_can_be_read()
    {
        await _fleet.PlantAsync();
        await _fleet.SubscribeAsync("devices");
        const string Credentials =
            """[{"pass":"swordfish"},{"user":{"username":"u","password":{"plain":"swordfish"}}},{"psk":{"key":"c3dvcmRmaXNo"}},{"pass":{"bcrypt":"$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"}}]""";

        var answers = new List<string>
        {
            (await _fleet.DeviceAsync("pump", """{"spec":{"authentication":{"credentials":""" + Credentials + "}}}")).ToJsonString(),
            (await _fleet.DeviceAsync("older", """{"spec":{"credentials":{"credentials":""" + Credentials + "}}}")).ToJsonString(),
            (await _fleet.DoAsync("edge/devices", "setCredentials", """{"application":"plant","_id":"pump","body":{"credentials":""" + Credentials + "}}")).ToJsonString(),
            (await _fleet.DoAsync("edge/devices", "get", """{"application":"plant","_id":"pump"}""")).ToJsonString(),
            (await _fleet.DoAsync("edge/devices", "search", """{"application":"plant"}""")).ToJsonString(),
            (await _fleet.DoAsync("document", "get", """{"index":"plant","collection":"devices","_id":"pump"}""")).ToJsonString(),
            (await _fleet.DoAsync("document", "search", """{"index":"plant","collection":"devices"}""")).ToJsonString(),
            string.Join('\n', (await _fleet.StoredAsync("devices")).Select(document => Encoding.UTF8.GetString(document.Json.Span))),
        };
        lock (_fleet.Heard) answers.AddRange(_fleet.Heard.Select(notification => notification.ToJsonString()));

        answers.Count.ShouldBeGreaterThan(10, "notifications are among them");
        foreach (var answer in answers)
        {
            answer.ShouldNotContain("swordfish");
            answer.ShouldNotContain("c3dvcmRmaXNo");
            answer.ShouldNotContain("$2a$");
            answer.ShouldNotContain("$pbkdf2");
        }

        var kept = string.Join('\n', (await _fleet.StoredAsync("device-credentials", "%kuzzle")).Select(document => Encoding.UTF8.GetString(document.Json.Span)));
        kept.ShouldNotContain("swordfish", Case.Sensitive, "passwords are hashed");
        (await _fleet.AskAsync("document", "search", """{"index":"%kuzzle","collection":"device-credentials"}""")).Error.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_read_can_be_written_back_and_keeps_its_secrets()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump", """{"spec":{"authentication":{"credentials":[{"pass":"one"},{"pass":"two"}]}}}""");
        var read = (await _fleet.DoAsync("edge/devices", "get", """{"application":"plant","_id":"pump"}"""))["_source"]!.AsObject();

        var credentials = read["spec"]!["authentication"]!["credentials"]!.AsArray();
        credentials.RemoveAt(0);
        credentials.Add(JsonNode.Parse("""{"pass":"three"}"""));
        await _fleet.DoAsync("edge/devices", "replace", new JsonObject { ["application"] = "plant", ["_id"] = "pump", ["body"] = read.DeepClone() }.ToJsonString());

        (await LoginAsync("pump", "one")).IsAccepted.ShouldBeFalse();
        (await LoginAsync("pump", "two")).IsAccepted.ShouldBeTrue();
        (await LoginAsync("pump", "three")).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Nobody_writes_devices_past_the_registry()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump");

        foreach (var (controller, action, arguments) in ((string, string, string)[])
        [
            ("document", "create", """{"index":"plant","collection":"devices","body":{"spec":{"authentication":{"credentials":[{"pass":"x"}]}}}}"""),
            ("document", "createOrReplace", """{"index":"plant","collection":"devices","_id":"pump","body":{}}"""),
            ("document", "update", """{"index":"plant","collection":"devices","_id":"pump","body":{"a":1}}"""),
            ("document", "delete", """{"index":"plant","collection":"devices","_id":"pump"}"""),
            ("document", "mCreate", """{"index":"plant","collection":"devices","body":{"documents":[{"_id":"x","body":{}}]}}"""),
            ("document", "deleteByQuery", """{"index":"plant","collection":"devices","body":{"query":{}}}"""),
            ("bulk", "write", """{"index":"plant","collection":"devices","_id":"pump","body":{"a":1}}"""),
            ("bulk", "import", """{"index":"plant","collection":"devices","body":{"bulkData":[{"index":{"_id":"x"}},{"a":1}]}}"""),
        ])
        {
            var response = await _fleet.AskAsync(controller, action, arguments);
            var said = response.Error is { } error ? $"{error.Id} {error.Errors?.ToJsonString()}" : "it was done";
            said.ShouldContain("edge.devices.guarded", Case.Sensitive, $"{controller}:{action}");
        }

        (await _fleet.StoredAsync("devices")).Single().Version.ShouldBe(1);
    }

    [Theory]
    [InlineData("create", """{"application":"plant","_id":"new","body":{"spec":{"authentication":{"credentials":[{"pass":"two"}]}}}}""")]
    [InlineData("replace", """{"application":"plant","_id":"pump","body":{"spec":{"alias":["x"],"authentication":{"credentials":[{"pass":"two"}]}}}}""")]
    [InlineData("update", """{"application":"plant","_id":"pump","body":{"spec":{"alias":["x"],"authentication":{"credentials":[]}}}}""")]
    [InlineData("setCredentials", """{"application":"plant","_id":"pump","body":{"credentials":[{"pass":"two"}]}}""")]
    [InlineData("delete", """{"application":"plant","_id":"pump"}""")]
    public async Task A_change_and_its_secrets_are_one_commit(string action, string request)
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump", """{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}""");
        await _fleet.DisposeAsync();
        var store = (InMemoryDocumentStore)_fleet.Store;
        _fleet = await FleetFixture.StartAsync(store, _fleet.Clock);
        var before = await StoredAsync();

        store.CommitsLeft = 0;
        (await _fleet.AskAsync("edge/devices", action, request)).Error.ShouldNotBeNull();
        (await StoredAsync()).ShouldBe(before);
        (await LoginAsync("pump", "one")).IsAccepted.ShouldBeTrue("nothing was changed");

        store.CommitsLeft = 1;
        (await _fleet.AskAsync("edge/devices", action, request)).Error.ShouldBeNull();
        store.CommitsLeft = null;
        (await StoredAsync()).ShouldNotBe(before);
        _fleet = await _fleet.RestartAsync();
        var isThere = (await LoginAsync(action == "create" ? "new" : "pump", "two")).IsAccepted;
        isThere.ShouldBe(action is "create" or "replace" or "setCredentials");
        (await LoginAsync("pump", "one")).IsAccepted.ShouldBe(action == "create");
    }

    [Fact]
    public async Task An_application_goes_with_all_its_devices_in_one_commit()
    {
        await _fleet.PlantAsync();
        for (var i = 0; i < 20; i++) await _fleet.DeviceAsync($"d{i}", """{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}""");
        var session = await _fleet.ConnectAsync("d7");
        var store = (InMemoryDocumentStore)_fleet.Store;

        store.CommitsLeft = 0;
        (await _fleet.AskAsync("edge/applications", "delete", """{"_id":"plant"}""")).Error.ShouldNotBeNull();
        (await _fleet.StoredAsync("devices")).Count.ShouldBe(20);
        session.End.ShouldBeNull();

        store.CommitsLeft = 1;
        (await _fleet.AskAsync("edge/applications", "delete", """{"_id":"plant"}""")).Error.ShouldBeNull();
        session.End.ShouldBe(SessionEnd.Deleted);
        (await StoredAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_device_that_is_deleted_leaves_nothing_behind()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump", """{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}""");
        await _fleet.DeviceAsync("tank");
        foreach (var device in (string[])["pump", "tank"]) await _fleet.Devices.Sessions.ClosedAsync(await _fleet.ConnectAsync(device), CancellationToken.None);
        (await _fleet.StoredAsync("states")).Count.ShouldBe(2);

        await _fleet.DoAsync("edge/devices", "delete", """{"application":"plant","_id":"pump"}""");

        (await _fleet.StoredAsync("states")).Single().Id.ShouldBe("tank");
        (await _fleet.StoredAsync("devices")).Single().Id.ShouldBe("tank");
        (await _fleet.StoredAsync("device-credentials", "%kuzzle")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_thousand_reconnects_leave_no_more_than_one()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump", """{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}""");
        for (var i = 0; i < 1000; i++)
        {
            (await LoginAsync("pump", "one")).IsAccepted.ShouldBeTrue();
            await _fleet.Devices.Sessions.ClosedAsync(await _fleet.ConnectAsync("pump", "pump"), CancellationToken.None);
        }

        (await _fleet.StoredAsync("states")).Single().Source.GetProperty("connected").GetBoolean().ShouldBeFalse();
        ((int)(await _fleet.DoAsync("edge/devices", "sessions", """{"application":"plant"}"""))["total"]!).ShouldBe(0);
        (await _fleet.StoredAsync("events")).ShouldBeEmpty();
        var device = (await _fleet.StoredAsync("devices")).Single();
        device.Version.ShouldBe(1, "that a device comes and goes is no change of it");
    }

    [Fact]
    public async Task Devices_whose_index_is_deleted_are_gone_and_their_sessions_end()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump", """{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}""");
        var session = await _fleet.ConnectAsync("pump");

        (await _fleet.AskAsync("index", "delete", """{"index":"plant"}""")).Error.ShouldBeNull();
        await _fleet.Devices.StopAsync();

        session.End.ShouldBe(SessionEnd.Deleted);
        (await LoginAsync("pump", "one")).IsAccepted.ShouldBeFalse();
        (await _fleet.StoredAsync("device-credentials", "%kuzzle")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_is_there_again_after_a_restart()
    {
        await _fleet.PlantAsync("""{"spec":{"mqtt":{"dialect":{"type":"plainTopic"}}}}""");
        await _fleet.DeviceAsync("pump/7", """{"spec":{"alias":["p7"],"authentication":{"credentials":[{"pass":"one"}]}}}""");
        (await _fleet.StoredAsync("devices")).Single().Id.ShouldBe("pump%2F7");

        _fleet = await _fleet.RestartAsync();

        var login = await LoginAsync("p7", "one");
        login.Identity.ShouldNotBeNull().Device.ShouldBe("pump/7");
        login.Identity.Dialect.ShouldBe(DeviceDialect.PlainTopic);
        (await LoginAsync("p7", "two")).IsAccepted.ShouldBeFalse();
    }

    [Fact]
    public async Task Credentials_whose_device_a_crash_has_cut_off_are_removed_at_the_next_start()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump", """{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}""");
        await _fleet.Store.TruncateAsync(new CollectionName("plant", "devices"), CancellationToken.None);

        _fleet = await _fleet.RestartAsync();

        (await _fleet.StoredAsync("device-credentials", "%kuzzle")).ShouldBeEmpty();
        (await _fleet.AskAsync("edge/devices", "get", """{"application":"plant","_id":"pump"}""")).Error.ShouldNotBeNull().Id.ShouldBe("edge.devices.unknown_device");
    }

    [Theory]
    [InlineData("disable", "{}", SessionEnd.Disabled)]
    [InlineData("delete", "{}", SessionEnd.Deleted)]
    [InlineData("setCredentials", """{"credentials":[{"pass":"other"}]}""", SessionEnd.CredentialsChanged)]
    [InlineData("replace", """{"spec":{}}""", SessionEnd.CredentialsChanged)]
    public async Task A_change_that_shuts_a_device_out_ends_its_session(string action, string body, SessionEnd end)
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump", """{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}""");
        await _fleet.DeviceAsync("tank", """{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}""");
        var session = await _fleet.ConnectAsync("pump");
        var other = await _fleet.ConnectAsync("tank");

        await _fleet.DoAsync("edge/devices", action, $$"""{"application":"plant","_id":"pump","body":{{body}}}""");

        session.End.ShouldBe(end);
        other.End.ShouldBeNull();
        (await LoginAsync("pump", "one")).Refusal.ShouldBe(DeviceRefusal.BadCredentials);
    }

    [Fact]
    public async Task Changes_that_do_not_concern_it_leave_a_session_alone()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump", """{"spec":{"authentication":{"credentials":[{"pass":"one"}]}}}""");
        var session = await _fleet.ConnectAsync("pump");

        await _fleet.DoAsync("edge/devices", "update", """{"application":"plant","_id":"pump","body":{"spec":{"gatewaySelector":{"matchNames":["gw"]}}}}""");
        await _fleet.DoAsync("edge/applications", "update", """{"_id":"plant","body":{"edge":{"store":"all"}}}""");

        session.End.ShouldBeNull();
    }

    [Fact]
    public async Task An_application_that_is_disabled_or_deleted_ends_the_sessions_of_all_its_devices()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump");
        await _fleet.DeviceAsync("tank");
        var (pump, tank) = (await _fleet.ConnectAsync("pump"), await _fleet.ConnectAsync("tank"));

        await _fleet.DoAsync("edge/applications", "disable", """{"_id":"plant"}""");
        (pump.End, tank.End).ShouldBe((SessionEnd.Disabled, SessionEnd.Disabled));

        await _fleet.DoAsync("edge/applications", "delete", """{"_id":"plant"}""");
        (await _fleet.StoredAsync("devices")).ShouldBeEmpty();
        (await _fleet.StoredAsync("applications", "%kuzzle")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_device_that_was_disabled_between_login_and_opening_is_closed()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump");
        var identity = await _fleet.IdentityAsync("pump");
        await _fleet.DoAsync("edge/devices", "disable", """{"application":"plant","_id":"pump"}""");
        var session = new StubSession(identity, [], _fleet.Clock);

        await _fleet.Devices.Sessions.OpenedAsync(session, CancellationToken.None);

        session.End.ShouldBe(SessionEnd.Disabled);
    }

    [Fact]
    public async Task Who_is_here_can_be_asked_and_is_a_document()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump");
        var session = await _fleet.ConnectAsync("pump", "pump");

        var shown = await _fleet.DoAsync("edge/devices", "sessions", """{"application":"plant","_id":"pump"}""");
        shown["sessions"]![0]!["filters"]!.ToJsonString().ShouldBe("""["command/inbox/pump/#"]""");
        (await _fleet.StoredAsync("states")).Single().Source.GetProperty("connected").GetBoolean().ShouldBeTrue();

        await _fleet.Devices.Sessions.ClosedAsync(session, CancellationToken.None);
        ((int)(await _fleet.DoAsync("edge/devices", "sessions", """{"application":"plant"}"""))["total"]!).ShouldBe(0);
        (await _fleet.StoredAsync("states")).Single().Source.GetProperty("connected").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task After_a_crash_nobody_is_said_to_be_here()
    {
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("pump");
        await _fleet.ConnectAsync("pump");

        _fleet = await _fleet.RestartAsync();

        (await _fleet.StoredAsync("states")).Single().Source.GetProperty("connected").GetBoolean().ShouldBeFalse();
    }

    /// <summary>All devices and their secrets.</summary>
    private async Task<List<string>> StoredAsync()
    {
        var all = new List<string>();
        foreach (var (index, collection) in ((string, string)[])[("plant", "devices"), ("%kuzzle", "device-credentials")])
        {
            all.AddRange((await _fleet.StoredAsync(collection, index)).Select(document => $"{document.Id} {document.Version}"));
        }

        return all;
    }

    private async Task<DeviceAuthentication> LoginAsync(string device, string password) =>
        await _fleet.Devices.Registry.AuthenticateAsync(new DevicePassword("plant", device, password), origin: null, CancellationToken.None);
}
