using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Documents;

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
