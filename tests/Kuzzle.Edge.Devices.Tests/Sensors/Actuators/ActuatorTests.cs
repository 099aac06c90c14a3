using Kuzzle.Edge.Devices.HomeAssistant;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Hardware.Gpio;

namespace Kuzzle.Edge.Devices.Tests.Sensors.Actuators;

public sealed class ActuatorTests
{
    [Theory]
    [InlineData("true")]
    [InlineData("1")]
    [InlineData("ON")]
    [InlineData("\"on\"")]
    [InlineData("""{"value":true}""")]
    public async Task Set_is_done_and_told(string payload)
    {
        await using var host = await StartAsync(Relay() with { Store = ReadingStorage.Last });

        (await host.Registry.SendAsync("relay", "set", payload)).ShouldBeNull();

        host.Board.Written[^1].ShouldBe(1);
        await Waiting.UntilAsync(async () => (await host.StoredAsync("readings")).Any(reading => reading.GetProperty("value").GetDouble() == 1));
    }

    [Theory]
    [InlineData("set", "maybe", "A value is needed")]
    [InlineData("set", "2", "A value is needed")]
    [InlineData("set", "", "A value is needed")]
    [InlineData("set", "{", "neither JSON nor a word")]
    [InlineData("pulse", "{}", "duration")]
    [InlineData("pulse", "-5", "duration")]
    [InlineData("duty", "50", "knows no command 'duty'; it knows set, toggle, pulse")]
    [InlineData("explode", "", "knows no command 'explode'")]
    public async Task A_bad_command_fails_with_its_reason_and_moves_nothing(string command, string payload, string reason)
    {
        await using var host = await StartAsync(Relay());
        var before = host.Board.Written.Count;

        (await host.Registry.SendAsync("relay", command, payload))!.ShouldContain(reason);

        host.Board.Written.Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_pulse_ends_by_itself()
    {
        await using var host = await StartAsync(Relay());

        (await host.Registry.SendAsync("relay", "pulse", """{"duration":500}""")).ShouldBeNull();
        host.Board.Written[^1].ShouldBe(1);
        (await host.Registry.SendAsync("relay", "pulse", "500"))!.ShouldContain("under way");
        await Waiting.TurningAsync(host.Clock, TimeSpan.FromMilliseconds(500), () => host.Board.Written[^1] == 0);

        host.Board.Written.ShouldBe([0, 1, 0]);
    }

    [Fact]
    public async Task Set_ends_a_pulse()
    {
        await using var host = await StartAsync(Relay());
        await host.Registry.SendAsync("relay", "pulse", "500");

        (await host.Registry.SendAsync("relay", "set", "true")).ShouldBeNull();
        host.Clock.Advance(TimeSpan.FromSeconds(2));

        host.Board.Written.ShouldBe([0, 1, 1]);
    }

    [Fact]
    public async Task Toggle_turns_it_over()
    {
        await using var host = await StartAsync(Relay());

        await host.Registry.SendAsync("relay", "toggle", "");
        await host.Registry.SendAsync("relay", "toggle", "");

        host.Board.Written.ShouldBe([0, 1, 0]);
    }

    [Fact]
    public async Task Whatever_it_was_told_it_is_safe_when_the_service_stops()
    {
        var host = await StartAsync(Relay() with { Gpio = new GpioOptions { Line = GpioLineId.Named("GPIO17"), Mode = GpioMode.Output, Safe = true } });
        await host.Registry.SendAsync("relay", "set", "false");

        await host.Sensors.StopAsync(CancellationToken.None);

        host.Board.Written.ShouldBe([1, 0, 1]);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Hardware_that_refuses_fails_the_command()
    {
        await using var host = await StartAsync(Relay());
        host.Board.WriteFault = "The line is held by somebody.";

        (await host.Registry.SendAsync("relay", "set", "true")).ShouldBe("The line is held by somebody.");
    }

    [Fact]
    public async Task A_duty_is_told_in_percent()
    {
        var fan = new SensorOptions { Name = "fan", Source = SensorSourceKind.Pwm, Chip = "pwmchip0", Pwm = new PwmOptions { Safe = 20 } };
        await using var host = await StartAsync(fan);

        (await host.Registry.SendAsync("fan", "duty", """{"value":75}""")).ShouldBeNull();
        (await host.Registry.SendAsync("fan", "set", "ON")).ShouldBeNull();
        (await host.Registry.SendAsync("fan", "duty", "101"))!.ShouldContain("0 to 100");

        host.Board.Written.ShouldBe([0.2, 0.75, 1]);
    }

    [Fact]
    public async Task Home_Assistant_can_switch_it()
    {
        await using var host = await new SensorHost { HomeAssistant = new HomeAssistantOptions { GatewayId = "box" } }.StartAsync(Relay());
        await Waiting.UntilAsync(() => host.Board.Written.Count == 1);

        await host.Topics.SayAsync("kuzzle-edge/box/relay/set", "ON");

        host.Board.Written.ShouldBe([0, 1]);
        host.Topics.Retained["kuzzle-edge/box/relay"].ShouldContain("\"value\":1");
    }

    private static async Task<SensorHost> StartAsync(SensorOptions sensor)
    {
        var host = await new SensorHost().StartAsync(sensor);
        await Waiting.UntilAsync(() => host.Registry.Connected.Count == 1 && host.Board.Written.Count == 1);
        return host;
    }

    private static SensorOptions Relay() => new()
    {
        Name = "relay",
        Source = SensorSourceKind.Gpio,
        Gpio = new GpioOptions { Line = GpioLineId.Named("GPIO17"), Mode = GpioMode.Output },
    };
}
