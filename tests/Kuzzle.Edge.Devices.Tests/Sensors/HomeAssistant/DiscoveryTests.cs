using System.Text.Json;
using Kuzzle.Edge.Devices.HomeAssistant;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Hardware.Gpio;

namespace Kuzzle.Edge.Devices.Tests.Sensors.HomeAssistant;

public sealed class DiscoveryTests
{
    private const string Room = "homeassistant/sensor/kuzzle_edge_box/room_temperature/config";

    [Fact]
    public async Task A_thermometer_is_described_with_all_that_Home_Assistant_wants_to_know()
    {
        await using var host = await StartAsync(Simulated());

        var description = JsonElement.Parse(host.Topics.Retained[Room]);

        description.GetProperty("unique_id").GetString().ShouldBe("kuzzle_edge_box_room_temperature");
        description.GetProperty("state_topic").GetString().ShouldBe("kuzzle-edge/box/room");
        description.GetProperty("value_template").GetString().ShouldBe("{{ value_json.value }}");
        description.GetProperty("unit_of_measurement").GetString().ShouldBe("°C");
        description.GetProperty("device_class").GetString().ShouldBe("temperature");
        description.GetProperty("state_class").GetString().ShouldBe("measurement");
        description.GetProperty("expire_after").GetInt32().ShouldBe(30);
        description.GetProperty("availability_mode").GetString().ShouldBe("all");
        description.GetProperty("availability").EnumerateArray().Select(entry => entry.GetProperty("topic").GetString()).ShouldBe(["kuzzle-edge/box/availability", "kuzzle-edge/box/room/availability"]);
        description.GetProperty("device").GetProperty("identifiers")[0].GetString().ShouldBe("kuzzle_edge_box_room");
    }

    [Fact]
    public async Task The_box_through_which_sensors_are_reached_is_a_device_with_a_name_of_its_own()
    {
        await using var host = await StartAsync(Simulated());

        var box = JsonElement.Parse(host.Topics.Retained["homeassistant/binary_sensor/kuzzle_edge_box/connectivity/config"]);

        var via = JsonElement.Parse(host.Topics.Retained[Room]).GetProperty("device").GetProperty("via_device").GetString();
        box.GetProperty("device").GetProperty("identifiers")[0].GetString().ShouldBe(via);
        box.GetProperty("device").GetProperty("name").GetString().ShouldBe("Kuzzle.Edge box");
        box.GetProperty("state_topic").GetString().ShouldBe("kuzzle-edge/box/availability");
        (box.GetProperty("payload_on").GetString(), box.GetProperty("payload_off").GetString()).ShouldBe(("online", "offline"));
        (box.GetProperty("device_class").GetString(), box.GetProperty("entity_category").GetString()).ShouldBe(("connectivity", "diagnostic"));
    }

    [Fact]
    public async Task Box_and_sensor_are_online_while_they_are_and_the_box_is_offline_after()
    {
        var host = await StartAsync(Simulated());
        await Waiting.UntilAsync(() => host.Topics.Retained.ContainsKey("kuzzle-edge/box/room/availability"));

        host.Topics.Retained["kuzzle-edge/box/availability"].ShouldBe("online");
        host.Topics.Retained["kuzzle-edge/box/room/availability"].ShouldBe("online");
        await host.DisposeAsync();
        host.Topics.Retained["kuzzle-edge/box/availability"].ShouldBe("offline");
    }

    [Fact]
    public async Task A_sensor_that_fails_is_offline()
    {
        await using var host = await StartAsync(Simulated() with { Source = SensorSourceKind.Hwmon });

        await Waiting.UntilAsync(() => host.Topics.Retained.GetValueOrDefault("kuzzle-edge/box/room/availability") == "offline");

        host.Sensors.States[0].Status.ShouldBe(SensorStatus.Failing);
    }

    [Fact]
    public async Task What_an_earlier_run_has_told_of_a_sensor_that_is_no_more_is_taken_away()
    {
        var topics = new RecordingTopics();
        const string Old = "homeassistant/sensor/kuzzle_edge_box/gone_temperature/config";
        const string Foreign = "homeassistant/sensor/kuzzle_edge_other/gone_temperature/config";
        topics.Publish(Old, "{}"u8.ToArray(), Retention.Kept);
        topics.Publish(Foreign, "{}"u8.ToArray(), Retention.Kept);

        await using var host = await new SensorHost { Topics = topics, HomeAssistant = new HomeAssistantOptions { GatewayId = "box" } }.StartAsync(Simulated());

        topics.Retained.Keys.ShouldNotContain(Old);
        topics.Retained.Keys.ShouldContain(Foreign, "what is not ours stays");
        topics.Retained.Keys.ShouldContain(Room);
    }

    [Fact]
    public async Task A_sensor_that_is_deleted_takes_its_description_with_it()
    {
        await using var host = await StartAsync(Simulated());
        await host.AskAsync("create", body: """{"name":"cellar","seed":3}""");
        const string Cellar = "homeassistant/sensor/kuzzle_edge_box/cellar_temperature/config";
        host.Topics.Retained.Keys.ShouldContain(Cellar);

        await host.AskAsync("delete", "cellar");

        host.Topics.Retained.Keys.ShouldNotContain(Cellar);
        host.Topics.Retained.Keys.ShouldContain(Room);
    }

    [Fact]
    public async Task A_Home_Assistant_that_starts_is_told_again()
    {
        await using var host = await StartAsync(Simulated());
        var before = host.Topics.Published.Count(published => published.Topic == Room);

        await host.Topics.SayAsync("homeassistant/status", "online");

        host.Topics.Published.Count(published => published.Topic == Room).ShouldBe(before + 1);
    }

    [Fact]
    public async Task An_output_is_a_switch_and_a_PWM_a_number_with_a_topic_for_commands()
    {
        await using var host = await StartAsync(
            new SensorOptions { Name = "relay", Source = SensorSourceKind.Gpio, Gpio = new GpioOptions { Line = GpioLineId.Named("GPIO17"), Mode = GpioMode.Output } },
            new SensorOptions { Name = "fan", Source = SensorSourceKind.Pwm, Chip = "pwmchip0", Pwm = new PwmOptions() });

        var relay = JsonElement.Parse(host.Topics.Retained["homeassistant/switch/kuzzle_edge_box/relay_state/config"]);
        var fan = JsonElement.Parse(host.Topics.Retained["homeassistant/number/kuzzle_edge_box/fan_duty/config"]);

        relay.GetProperty("command_topic").GetString().ShouldBe("kuzzle-edge/box/relay/set");
        relay.GetProperty("optimistic").GetBoolean().ShouldBeFalse();
        (fan.GetProperty("min").GetInt32(), fan.GetProperty("max").GetInt32()).ShouldBe((0, 100));
    }

    [Fact]
    public async Task The_alarms_of_the_one_channel_that_was_named_are_described()
    {
        await using var host = await StartAsync(new SensorOptions
        {
            Name = "room",
            Source = SensorSourceKind.I2c,
            Chip = "aht20",
            Bus = 1,
            Channels = [new ChannelOptions { Channel = "temperature", Alarms = [new AlarmOptions { Name = "hot", Above = 30 }] }],
            Alarms = [new AlarmOptions { Name = "of-the-sensor", Above = 30 }],
        });

        var alarm = JsonElement.Parse(host.Topics.Retained["homeassistant/binary_sensor/kuzzle_edge_box/room_temperature_hot/config"]);

        alarm.GetProperty("state_topic").GetString().ShouldBe("kuzzle-edge/box/room/alarms/hot");
        host.Topics.Retained.Keys.ShouldNotContain(topic => topic.Contains("of-the-sensor", StringComparison.Ordinal), "what was said for the channel holds");
    }

    private static Task<SensorHost> StartAsync(params SensorOptions[] sensors) =>
        new SensorHost { HomeAssistant = new HomeAssistantOptions { GatewayId = "box" } }.StartAsync(sensors);

    private static SensorOptions Simulated() => new() { Name = "room", Source = SensorSourceKind.Simulated };
}
