using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Tests.Sensors;

namespace Kuzzle.Edge.Devices.Tests.Commands;

public sealed class CommandTests : IAsyncLifetime
{
    private FleetFixture _fleet = null!;

    public async Task InitializeAsync()
    {
        _fleet = await FleetFixture.StartAsync();
        await _fleet.PlantAsync();
        await _fleet.DeviceAsync("gw");
        await _fleet.DeviceAsync("pump", """{"spec":{"alias":["p"],"gatewaySelector":{"matchNames":["gw"]}}}""");
        await _fleet.DeviceAsync("tank");
    }

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public async Task A_command_reaches_the_device_that_is_here()
    {
        var pump = await _fleet.ConnectAsync("pump", "pump");

        var answer = await SendAsync("""{"device":"p","command":"set/speed","body":{"payload":{"rpm":50}}}""");

        (await pump.NextAsync()).ShouldBe("""pump set/speed {"rpm":50}""");
        ((string)answer["state"]!, (int)answer["sessions"]!).ShouldBe(("delivered", 1));
        var source = await _fleet.CommandAsync((string)answer["id"]!);
        source.GetProperty("device").GetString().ShouldBe("pump");
        source.GetProperty("via").GetRawText().ShouldBe("""["pump"]""");
        source.GetProperty("deliveredAt").GetInt64().ShouldBe(_fleet.Clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_command_goes_to_the_device_and_to_its_gateways_that_listen_for_it()
    {
        var pump = await _fleet.ConnectAsync("pump", "pump");
        var gateway = await _fleet.ConnectAsync("gw", "gw", "pump", "tank");

        var answer = await SendAsync("""{"device":"pump","command":"stop"}""");
        (await SendAsync("""{"device":"tank","command":"drain"}"""))["state"]!.GetValue<string>().ShouldBe("expired", "tank does not list gw");

        ((int)answer["sessions"]!).ShouldBe(2);
        (await pump.NextAsync()).ShouldBe("pump stop");
        (await gateway.NextAsync()).ShouldBe("pump stop");
        gateway.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"device":"pump","command":"stop"}""")]
    [InlineData("""{"device":"pump","command":"stop","qos":1}""")]
    public async Task Without_a_time_to_live_it_is_for_those_who_are_here_now(string command)
    {
        var answer = await SendAsync(command);
        ((string)answer["state"]!, (int)answer["sessions"]!).ShouldBe(("expired", 0));

        var late = await _fleet.ConnectAsync("pump", "pump");
        await SendAsync("""{"device":"pump","command":"go"}""");
        (await late.NextAsync()).ShouldBe("pump go");
    }

    [Fact]
    public async Task With_a_time_to_live_it_waits_until_the_device_listens()
    {
        var answer = await SendAsync("""{"device":"pump","command":"one","ttl":60000}""");
        var second = await SendAsync("""{"device":"pump","command":"two","ttl":60000}""");
        ((string)answer["state"]!, (int)answer["sessions"]!).ShouldBe(("queued", 0));
        var pump = await _fleet.ConnectAsync("pump");
        pump.Count.ShouldBe(0);

        pump.ListeningFor = ["pump"];
        await _fleet.Devices.Sessions.ListeningAsync(pump, CancellationToken.None);

        (await pump.NextAsync()).ShouldBe("pump one");
        (await pump.NextAsync()).ShouldBe("pump two");
        await _fleet.CommandAsync((string)answer["id"]!, "delivered");
        await _fleet.CommandAsync((string)second["id"]!, "delivered");
    }

    [Fact]
    public async Task A_device_that_becomes_a_gateway_gets_what_waits()
    {
        var gateway = await _fleet.ConnectAsync("gw", "tank");
        var answer = await SendAsync("""{"device":"tank","command":"drain","ttl":60000}""");
        gateway.Count.ShouldBe(0);

        await _fleet.DoAsync("edge/devices", "update", """{"application":"plant","_id":"tank","body":{"spec":{"gatewaySelector":{"matchNames":["gw"]}}}}""");

        (await gateway.NextAsync()).ShouldBe("tank drain");
        (await _fleet.CommandAsync((string)answer["id"]!, "delivered")).GetProperty("via").GetRawText().ShouldBe("""["gw"]""");
    }

    [Fact]
    public async Task What_waits_too_long_expires()
    {
        var answer = await SendAsync("""{"device":"pump","command":"one","ttl":60000}""");

        _fleet.Clock.Advance(TimeSpan.FromSeconds(61));

        await _fleet.CommandAsync((string)answer["id"]!, "expired");
        var pump = await _fleet.ConnectAsync("pump", "pump");
        await SendAsync("""{"device":"pump","command":"now"}""");
        (await pump.NextAsync()).ShouldBe("pump now");
    }

    [Fact]
    public async Task Delivered_means_that_the_device_has_acknowledged_it_where_that_was_asked()
    {
        var acknowledged = new TaskCompletionSource<CommandDelivery>(TaskCreationOptions.RunContinuationsAsynchronously);
        var pump = await _fleet.ConnectAsync("pump", "pump");
        pump.Answer = (_, _) => acknowledged.Task;

        var answer = await SendAsync("""{"device":"pump","command":"one","qos":1}""");
        ((string)answer["state"]!, (int)answer["sessions"]!).ShouldBe(("queued", 1));

        acknowledged.SetResult(CommandDelivery.Delivered);
        await _fleet.CommandAsync((string)answer["id"]!, "delivered");
    }

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_when_the_device_does()
    {
        var pump = await _fleet.ConnectAsync("pump", "pump");
        pump.Answer = (_, _) => Task.FromResult(CommandDelivery.Lost);
        var answer = await SendAsync("""{"device":"pump","command":"one","qos":1,"ttl":60000}""");
        (await pump.NextAsync()).ShouldBe("pump one");
        pump.Close(SessionEnd.Requested);
        await _fleet.Devices.Sessions.ClosedAsync(pump, CancellationToken.None);

        var again = await _fleet.ConnectAsync("pump", "pump");

        (await again.NextAsync()).ShouldBe("pump one");
        await _fleet.CommandAsync((string)answer["id"]!, "delivered");
    }

    [Theory]
    [InlineData(CommandDelivery.Lost, "failed", "may have got it")]
    [InlineData(CommandDelivery.Unsendable, "failed", "no message of that size")]
    [InlineData(CommandDelivery.NotListening, "expired", null)]
    public async Task What_could_not_be_brought_says_why(CommandDelivery delivery, string state, string? error)
    {
        var pump = await _fleet.ConnectAsync("pump", "pump");
        pump.Answer = (_, _) => Task.FromResult(delivery);

        var answer = await SendAsync("""{"device":"pump","command":"one"}""");

        ((string)answer["state"]!).ShouldBe(state);
        if (error is not null) (await _fleet.CommandAsync((string)answer["id"]!)).GetProperty("error").GetString().ShouldNotBeNull().ShouldContain(error);
    }

    [Fact]
    public async Task What_waits_can_be_cancelled_and_what_was_delivered_cannot()
    {
        var answer = await SendAsync("""{"device":"pump","command":"one","ttl":60000}""");
        var cancel = new JsonObject { ["application"] = "plant", ["_id"] = (string)answer["id"]! }.ToJsonString();

        ((string)(await _fleet.DoAsync("edge/commands", "cancel", cancel))["_source"]!["state"]!).ShouldBe("cancelled");

        var pump = await _fleet.ConnectAsync("pump", "pump");
        var sent = await SendAsync("""{"device":"pump","command":"two"}""");
        (await pump.NextAsync()).ShouldBe("pump two");
        var refused = await _fleet.AskAsync("edge/commands", "cancel", new JsonObject { ["application"] = "plant", ["_id"] = (string)sent["id"]! }.ToJsonString());
        refused.Error.ShouldNotBeNull().Message.ShouldEndWith("it is delivered.");
        (await _fleet.AskAsync("edge/commands", "cancel", """{"application":"plant","_id":"nobody"}""")).Error.ShouldNotBeNull().Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("document", "create", """{"index":"plant","collection":"commands","_id":"c1","body":{"device":"pump","command":"go","payload":"fast"}}""")]
    [InlineData("document", "createOrReplace", """{"index":"plant","collection":"commands","_id":"c1","body":{"device":"pump","command":"go","payload_base64":"ZmFzdA=="}}""")]
    [InlineData("document", "mCreate", """{"index":"plant","collection":"commands","body":{"documents":[{"_id":"c1","body":{"device":"pump","command":"go","payload":"fast"}}]}}""")]
    [InlineData("bulk", "mWrite", """{"index":"plant","collection":"commands","body":{"documents":[{"_id":"c1","body":{"device":"pump","command":"go","payload":"fast","state":"queued"}}]}}""")]
    [InlineData("bulk", "import", """{"index":"plant","collection":"commands","body":{"bulkData":[{"index":{"_id":"c1"}},{"device":"pump","command":"go","payload":"fast"}]}}""")]
    public async Task A_document_that_comes_to_be_is_a_command(string controller, string action, string request)
    {
        await SendAsync("""{"device":"tank","command":"x"}"""); // makes the collection
        var pump = await _fleet.ConnectAsync("pump", "pump");

        (await _fleet.AskAsync(controller, action, request)).Error.ShouldBeNull();

        (await pump.NextAsync()).ShouldBe("pump go fast");
        await _fleet.CommandAsync("c1", "delivered");
        pump.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"command":"go"}""", "device must be")]
    [InlineData("""{"device":"pump"}""", "command must be")]
    [InlineData("""{"device":"pump","command":"a+b"}""", "command must be")]
    [InlineData("""{"device":"pump","command":"go","ttl":-1}""", "ttl must be")]
    [InlineData("""{"device":"pump","command":"go","qos":2}""", "qos must be")]
    [InlineData("""{"device":"pump","command":"go","payload_base64":"!"}""", "payload_base64 must be")]
    [InlineData("""{"device":"nobody","command":"go"}""", "There is no device \"nobody\".")]
    public async Task A_document_that_is_no_command_says_so(string body, string error)
    {
        await SendAsync("""{"device":"tank","command":"x"}""");

        (await _fleet.AskAsync("document", "create", """{"index":"plant","collection":"commands","_id":"c1","body":""" + body + "}")).Error.ShouldBeNull();

        (await _fleet.CommandAsync("c1", "failed")).GetProperty("error").GetString().ShouldNotBeNull().ShouldStartWith(error);
    }

    [Fact]
    public async Task Commands_that_others_have_decided_about_are_left_alone()
    {
        await SendAsync("""{"device":"tank","command":"x"}""");
        var pump = await _fleet.ConnectAsync("pump", "pump");

        await _fleet.DoAsync("document", "create", """{"index":"plant","collection":"commands","_id":"old","body":{"device":"pump","command":"old","state":"delivered"}}""");
        await SendAsync("""{"device":"pump","command":"new"}""");

        (await pump.NextAsync()).ShouldBe("pump new");
    }

    [Fact]
    public async Task A_waiting_command_survives_a_restart_and_is_sent_once()
    {
        var answer = await SendAsync("""{"device":"pump","command":"one","ttl":60000}""");

        _fleet = await _fleet.RestartAsync();
        var pump = await _fleet.ConnectAsync("pump", "pump");

        (await pump.NextAsync()).ShouldBe("pump one");
        await _fleet.CommandAsync((string)answer["id"]!, "delivered");

        _fleet = await _fleet.RestartAsync();
        pump = await _fleet.ConnectAsync("pump", "pump");
        await SendAsync("""{"device":"pump","command":"two"}""");
        (await pump.NextAsync()).ShouldBe("pump two");
    }

    [Theory]
    [InlineData("""{"device":"pump","command":"go","ttl":60000,"qos":0,"createdAt":1767225600000,"state":"queued","dispatchedAt":1}""", "failed")]
    [InlineData("""{"device":"pump","command":"go","ttl":0,"qos":1,"createdAt":1767225600000,"state":"queued","dispatchedAt":1}""", "failed")]
    [InlineData("""{"device":"pump","command":"go","ttl":0,"qos":0,"createdAt":1767225600000,"state":"queued"}""", "expired")]
    [InlineData("""{"device":"pump","command":"go","ttl":60000,"qos":1,"createdAt":1767225600000,"state":"queued","dispatchedAt":1}""", "delivered")]
    [InlineData("""{"device":"pump","command":"go","ttl":60000,"createdAt":1767225600000}""", "delivered")]
    [InlineData("""{"device":"pump","command":"go","ttl":1,"createdAt":1767225500000,"state":"queued"}""", "expired")]
    public async Task What_a_crash_has_left_is_decided_at_the_next_start(string left, string state)
    {
        await SendAsync("""{"device":"tank","command":"x"}""");
        await _fleet.DisposeAsync();
        await _fleet.Store.WriteAsync(new CollectionName("plant", "commands"), [new LeftBehind("c1", left)], CancellationToken.None);

        _fleet = await FleetFixture.StartAsync(_fleet.Store, _fleet.Clock);
        await _fleet.ConnectAsync("pump", "pump");

        await _fleet.CommandAsync("c1", state);
    }

    [Fact]
    public async Task A_command_that_is_for_the_first_goes_to_the_device_itself_and_else_to_the_first_gateway_that_listens()
    {
        await _fleet.DeviceAsync("gw2");
        await _fleet.DoAsync("edge/devices", "update", """{"application":"plant","_id":"pump","body":{"spec":{"gatewaySelector":{"matchNames":["gw2","gw"]}}}}""");
        var gateway = await _fleet.ConnectAsync("gw", "pump");
        var preferred = await _fleet.ConnectAsync("gw2", "pump");

        ((int)(await SendAsync("""{"device":"pump","command":"one","fanout":"first"}"""))["sessions"]!).ShouldBe(1);
        var pump = await _fleet.ConnectAsync("pump", "pump");
        var answer = await SendAsync("""{"device":"pump","command":"two","fanout":"first","qos":1,"ttl":60000}""");
        await SendAsync("""{"device":"pump","command":"three","fanout":"all"}""");

        (await preferred.NextAsync()).ShouldBe("pump one");
        (await pump.NextAsync()).ShouldBe("pump two");
        (await _fleet.CommandAsync((string)answer["id"]!, "delivered")).GetProperty("via").GetRawText().ShouldBe("""["pump"]""");
        foreach (var session in (StubSession[])[preferred, pump, gateway]) (await session.NextAsync()).ShouldBe("pump three");
        gateway.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"device":"pump","command":"go","fanout":"first"}""", CommandDelivery.NotListening, "delivered", 1)]
    [InlineData("""{"device":"pump","command":"go","fanout":"first","qos":1}""", CommandDelivery.Lost, "delivered", 1)]
    [InlineData("""{"device":"pump","command":"go","fanout":"first","qos":1}""", CommandDelivery.Refused, "delivered", 1)]
    [InlineData("""{"device":"pump","command":"go","fanout":"first"}""", CommandDelivery.Lost, "failed", 0)]
    public async Task Who_comes_next_gets_what_the_first_surely_has_not(string command, CommandDelivery first, string state, int handedOn)
    {
        var pump = await _fleet.ConnectAsync("pump", "pump");
        var gateway = await _fleet.ConnectAsync("gw", "pump");
        pump.Answer = (_, _) => Task.FromResult(first);

        var answer = await SendAsync(command);

        await _fleet.CommandAsync((string)answer["id"]!, state);
        gateway.Count.ShouldBe(handedOn);
    }

    [Fact]
    public async Task A_command_for_the_first_that_nobody_takes_waits_and_is_not_asked_in_a_circle()
    {
        var pump = await _fleet.ConnectAsync("pump", "pump");
        var gateway = await _fleet.ConnectAsync("gw", "pump");
        pump.Answer = gateway.Answer = (_, _) => Task.FromResult(CommandDelivery.NotListening);
        var answer = await SendAsync("""{"device":"pump","command":"go","fanout":"first","ttl":60000}""");
        (await pump.NextAsync(), await gateway.NextAsync()).ShouldBe(("pump go", "pump go"));

        gateway.Answer = (_, _) => Task.FromResult(CommandDelivery.Delivered);
        await _fleet.Devices.Sessions.ListeningAsync(gateway, CancellationToken.None);

        await _fleet.CommandAsync((string)answer["id"]!, "delivered");
        (pump.Count, gateway.Count).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData("fanout", "\"some\"", "fanout must be all or first")]
    [InlineData("fanout", "7", "fanout")]
    public async Task A_fanout_that_is_none_is_refused(string name, string value, string error)
    {
        var response = await _fleet.AskAsync("edge/commands", "send", $$"""{"application":"plant","device":"pump","command":"go","{{name}}":{{value}}}""");

        response.Error.ShouldNotBeNull().Message.ShouldContain(error);
    }

    [Fact]
    public async Task Whoever_asks_by_an_alias_gets_the_commands_of_its_device()
    {
        var pump = await _fleet.ConnectAsync("pump", "p");
        var gateway = await _fleet.ConnectAsync("gw", "p", "nobody");

        await SendAsync("""{"device":"pump","command":"stop"}""");

        (await pump.NextAsync()).ShouldBe("pump stop");
        (await gateway.NextAsync()).ShouldBe("pump stop");

        await _fleet.DoAsync("edge/devices", "update", """{"application":"plant","_id":"pump","body":{"spec":{"alias":[]}}}""");
        ((string)(await SendAsync("""{"device":"pump","command":"stop"}"""))["state"]!).ShouldBe("expired", "nobody knows it by that name any more");
    }

    [Fact]
    public async Task What_waits_comes_to_who_asks_by_an_alias()
    {
        var answer = await SendAsync("""{"device":"p","command":"one","ttl":60000}""");

        var pump = await _fleet.ConnectAsync("pump", "p");

        (await pump.NextAsync()).ShouldBe("pump one");
        await _fleet.CommandAsync((string)answer["id"]!, "delivered");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60000)]
    public async Task One_acknowledgement_is_enough_though_others_never_give_theirs(int ttl)
    {
        var pump = await _fleet.ConnectAsync("pump", "pump");
        var silent = await _fleet.ConnectAsync("gw", "pump");
        silent.Answer = async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return CommandDelivery.Delivered;
        };

        var answer = await SendAsync($$"""{"device":"pump","command":"one","qos":1,"ttl":{{ttl}}}""");

        await _fleet.CommandAsync((string)answer["id"]!, "delivered");
        (await pump.NextAsync(), await silent.NextAsync()).ShouldBe(("pump one", "pump one"));
    }

    [Fact]
    public async Task A_device_that_refuses_a_command_has_failed_at_it()
    {
        var pump = await _fleet.ConnectAsync("pump", "pump");
        pump.Answer = (_, _) => Task.FromResult(CommandDelivery.Refused);

        var answer = await SendAsync("""{"device":"pump","command":"one","qos":1,"ttl":60000}""");

        (await _fleet.CommandAsync((string)answer["id"]!, "failed")).GetProperty("error").GetString().ShouldBe("The device has refused it.");
    }

    [Fact]
    public async Task More_commands_than_may_wait_are_refused_and_none_of_them_is_stored()
    {
        await _fleet.DisposeAsync();
        _fleet = await FleetFixture.StartAsync(_fleet.Store, _fleet.Clock, options: new DeviceOptions { PasswordIterations = 10, MaxQueuedCommands = 2 });
        await SendAsync("""{"device":"pump","command":"one","ttl":60000}""");
        var second = await SendAsync("""{"device":"pump","command":"two","ttl":60000}""");

        var refused = await _fleet.AskAsync("edge/commands", "send", """{"application":"plant","device":"pump","command":"three","ttl":60000}""");
        var alias = await _fleet.AskAsync("edge/commands", "dispatch", """{"application":"plant","device":"pump","command":"four"}""");

        (refused.Error?.Status, alias.Error?.Status).ShouldBe((503, 503));
        refused.Error!.Id.ShouldBe("edge.devices.too_many_commands");
        (await _fleet.StoredAsync("commands")).Count.ShouldBe(2);
        await _fleet.DoAsync("edge/commands", "cancel", new JsonObject { ["application"] = "plant", ["_id"] = (string)second["id"]! }.ToJsonString());
        await Waiting.UntilAsync(async () => (await _fleet.AskAsync("edge/commands", "send", """{"application":"plant","device":"pump","command":"three","ttl":60000}""")).Error is null);
        (await _fleet.StoredAsync("commands")).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"application":"plant","device":"pump","command":"go","body":{"payload":"21,5"}}""", null)]
    [InlineData("""{"application":"nowhere","device":"pump","command":"go"}""", 404)]
    [InlineData("""{"application":"plant","device":"nobody","command":"go"}""", 404)]
    [InlineData("""{"application":"plant","device":"gone","command":"go"}""", 406)]
    [InlineData("""{"application":"plant","device":"pump","command":"go","body":{"payload":"{","contentType":"application/json"}}""", 406)]
    public async Task The_endpoint_of_the_cloud_answers_with_its_numbers(string request, int? status)
    {
        await _fleet.DeviceAsync("gone", """{"spec":{"core":{"disabled":true}}}""");
        var pump = await _fleet.ConnectAsync("pump", "pump");

        var response = await _fleet.AskAsync("edge/commands", "dispatch", request);

        response.Error?.Status.ShouldBe(status!.Value, response.Error.Message);
        if (status is null) (await pump.NextAsync()).ShouldBe("pump go 21,5");
        pump.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_device_that_is_deleted_while_its_commands_wait_lets_them_fail()
    {
        var answer = await SendAsync("""{"device":"pump","command":"one","ttl":60000}""");

        await _fleet.DoAsync("edge/devices", "delete", """{"application":"plant","_id":"pump"}""");

        (await _fleet.CommandAsync((string)answer["id"]!, "failed")).GetProperty("error").GetString().ShouldBe("There is no device \"pump\".");
    }

    [Fact]
    public async Task A_device_of_this_process_does_commands_one_at_a_time_and_says_what_became_of_them()
    {
        var (device, fault) = await _fleet.Devices.Local.EnsureAsync(new Kuzzle.Edge.Devices.Local.LocalDevice("plant", "relay"), CancellationToken.None);
        fault.ShouldBeNull();
        var done = new List<string>();
        await using var session = await _fleet.Devices.Local.ConnectAsync(
            device!,
            (command, _) =>
            {
                done.Add(command.Name);
                return ValueTask.FromResult(command.Name == "set" ? Kuzzle.Edge.Devices.Local.LocalCommandOutcome.Done : Kuzzle.Edge.Devices.Local.LocalCommandOutcome.Failed("there is no such thing"));
            },
            CancellationToken.None);

        var set = await SendAsync("""{"device":"relay","command":"set","body":{"payload":true},"qos":1}""");
        await _fleet.CommandAsync((string)set["id"]!, "delivered");
        var other = await SendAsync("""{"device":"relay","command":"explode"}""");

        (await _fleet.CommandAsync((string)other["id"]!, "failed")).GetProperty("error").GetString().ShouldBe("there is no such thing");
        done.ShouldBe(["set", "explode"]);
    }

    private Task<JsonObject> SendAsync(string arguments)
    {
        var request = JsonNode.Parse(arguments)!.AsObject();
        request["application"] = "plant";
        return _fleet.DoAsync("edge/commands", "send", request.ToJsonString());
    }
}
