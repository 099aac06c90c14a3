using Kuzzle.Edge.Devices.HomeAssistant;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Hardware.Gpio;

namespace Kuzzle.Edge.Devices.Tests.Sensors;

public sealed class SensorReloadTests
{
    [Fact]
    public async Task A_sensor_whose_definition_is_the_same_goes_on_undisturbed()
    {
        await using var host = await new SensorHost().StartAsync(Relay());
        await Waiting.UntilAsync(() => host.Registry.Connected.Contains("relay"));
        (await host.Registry.SendAsync("relay", "set", "ON")).ShouldBeNull();

        await host.Sensors.ChangeAsync([SensorHost.Definition(Simulated("room")), SensorHost.Definition(Relay())], CancellationToken.None);
        await Waiting.UntilAsync(() => host.Sensors.States[0].Measured >= 1);

        host.Board.Written.ShouldBe([0, 1], "nobody has touched the relay");
        host.Sensors.States.Select(state => state.Name).ShouldBe(["room", "relay"], "in the order of the file");
        (await host.Registry.SendAsync("relay", "set", "OFF")).ShouldBeNull();
    }

    [Fact]
    public async Task An_output_whose_definition_has_changed_is_safe_and_begins_anew()
    {
        await using var host = await new SensorHost().StartAsync(Relay());
        await Waiting.UntilAsync(() => host.Registry.Connected.Contains("relay"));
        await host.Registry.SendAsync("relay", "set", "ON");

        await host.Sensors.ChangeAsync([SensorHost.Definition(Relay(), "changed")], CancellationToken.None);
        await Waiting.UntilAsync(() => host.Board.Written.Count == 4);

        host.Board.Written.ShouldBe([0, 1, 0, 0], "set by the command, safe at its end, safe at its beginning");
        await Waiting.UntilAsync(() => host.Registry.Connected.Contains("relay"));
        (await host.Registry.SendAsync("relay", "set", "ON")).ShouldBeNull();
        host.Board.Written[^1].ShouldBe(1);
    }

    [Fact]
    public async Task A_sensor_that_is_in_the_file_no_more_is_gone_with_all_that_was_said_of_it()
    {
        await using var host = await new SensorHost { HomeAssistant = new HomeAssistantOptions { GatewayId = "box" } }.StartAsync(Relay(), Simulated("room"));
        await Waiting.UntilAsync(() => host.Registry.Connected.Count == 2);
        const string Room = "homeassistant/sensor/kuzzle_edge_box/room_temperature/config";
        host.Topics.Retained.Keys.ShouldContain(Room);

        await host.Sensors.ChangeAsync([SensorHost.Definition(Relay())], CancellationToken.None);

        host.Sensors.States.Select(state => state.Name).ShouldBe(["relay"]);
        host.Registry.Connected.ShouldBe(["relay"]);
        host.Topics.Retained.Keys.ShouldNotContain(Room);
    }

    [Fact]
    public async Task Nobody_listens_for_an_output_that_went_as_soon_as_it_came()
    {
        await using var host = await new SensorHost { HomeAssistant = new HomeAssistantOptions { GatewayId = "box" } }.StartAsync();
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Topics.Answers = slow.Task;

        await host.Sensors.ChangeAsync([SensorHost.Definition(Relay())], CancellationToken.None);
        var gone = host.Sensors.ChangeAsync([], CancellationToken.None);
        slow.SetResult();
        await gone;

        host.Topics.Filters.ShouldNotContain("kuzzle-edge/box/relay/set");
        host.Topics.Filters.ShouldContain("homeassistant/status", "others do");
    }

    [Fact]
    public async Task One_defined_through_the_API_rests_while_the_file_has_one_of_its_name()
    {
        await using var host = await new SensorHost().StartAsync();
        await host.AskAsync("create", body: """{"name":"room","seed":3}""");

        await host.Sensors.ChangeAsync([SensorHost.Definition(Simulated("room"))], CancellationToken.None);
        var fromFile = await host.AskAsync("get", "room");
        await host.Sensors.ChangeAsync([], CancellationToken.None);
        var fromApi = await host.AskAsync("get", "room");

        fromFile.Result!["origin"]!.GetValue<string>().ShouldBe("configuration");
        fromApi.Result!["origin"]!.GetValue<string>().ShouldBe("api");
        fromApi.Result["definition"]!["seed"]!.GetValue<int>().ShouldBe(3);
        await Waiting.UntilAsync(() => host.Sensors.States[0].Measured >= 1);
    }

    [Fact]
    public async Task There_are_no_more_sensors_than_the_limit_says()
    {
        await using var host = await new SensorHost { MaxSensors = 1 }.StartAsync(Simulated("room"));

        var refused = await host.AskAsync("create", body: """{"name":"cellar","seed":3}""");

        refused.Error!.Message.ShouldContain("1");
        host.Sensors.States.Count.ShouldBe(1);
    }

    private static SensorOptions Simulated(string name) => new() { Name = name, Source = SensorSourceKind.Simulated };

    private static SensorOptions Relay() =>
        new() { Name = "relay", Source = SensorSourceKind.Gpio, Gpio = new GpioOptions { Line = GpioLineId.Named("GPIO17"), Mode = GpioMode.Output } };
}
