using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Hardware.Scanning;

namespace Kuzzle.Edge.CommandLine;

/// <summary><c>kuzzle-edge sensors</c>: looks at the hardware of this box itself, whether a gateway runs or not.</summary>
internal static class SensorsCommand
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The command with its three actions.</summary>
    /// <param name="file">The option that names a configuration file.</param>
    /// <param name="sources">What there is of a configuration.</param>
    public static Command Create(Option<string> file, Func<ParseResult, ConfigurationSources> sources)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON instead of tables." };
        var bus = new Option<int[]>("--bus") { Description = "Probes this I2C bus only; may be given several times. Without it, all.", HelpName = "N" };
        var name = new Argument<string>("NAME") { Description = "The sensor's name." };

        var scan = new Command("scan", "Tells what hardware there is: I2C addresses with likely chips, kernel devices and their channels, GPIO lines, 1-Wire ids, PWM chips.");
        scan.Add(json);
        scan.Add(bus);
        scan.SetAction(parsed => Scan(parsed.GetValue(bus) ?? [], parsed.GetValue(json)));

        var list = new Command("list", "Tells the sensors of the configuration.") { TreatUnmatchedTokensAsErrors = false };
        list.Add(file);
        list.Add(json);
        list.SetAction(parsed => List(sources(parsed), parsed.GetValue(json)));

        var read = new Command("read", "Reads a sensor of the configuration once. A line or an output that a running gateway holds is busy.") { TreatUnmatchedTokensAsErrors = false };
        read.Add(name);
        read.Add(file);
        read.Add(json);
        read.SetAction(parsed => Read(sources(parsed), parsed.GetValue(name)!, parsed.GetValue(json)));

        var command = new Command("sensors", "The sensors of this box.");
        command.Add(scan);
        command.Add(list);
        command.Add(read);
        return command;
    }

    private static int Scan(int[] buses, bool asJson)
    {
        using var board = new Board(new BoardPaths());
        var found = board.Scanner.Scan(new ScanRequest { I2cBuses = buses.Length == 0 ? null : buses });
        if (asJson)
        {
            Print(ScanJson.Of(found));
            return (int)ExitCode.Success;
        }

        TextTable.Print("I2C", ["bus", "address", "chip or driver"], [.. found.I2cBuses.SelectMany(RowsOf)]);
        TextTable.Print("hwmon", ["chip", "device", "channels"], [.. found.Hwmon.Select(RowOf)]);
        TextTable.Print("IIO", ["chip", "device", "channels"], [.. found.Iio.Select(RowOf)]);
        TextTable.Print("thermal", ["type", "zone"], [.. found.ThermalZones.Select(zone => (string[])[zone.Type, zone.Node])]);
        TextTable.Print("1-Wire", ["id", "family"], [.. found.OneWire.Select(device => (string[])[device.Id, device.Family ?? "unknown"])]);
        TextTable.Print(
            "GPIO",
            ["chip", "line", "name", "state"],
            [.. found.GpioChips.SelectMany(chip => chip.Fault is { } fault ? [[chip.Name, "", "", fault.Message]] : chip.Lines.Select(line => (string[])
                [$"{chip.Name} ({chip.Label})", line.Offset.ToString(CultureInfo.InvariantCulture), line.Name ?? "", line.IsUsed ? $"held by {line.Consumer ?? "somebody"}" : line.IsOutput ? "output" : "input"]))]);
        TextTable.Print("PWM", ["chip", "device", "outputs"], [.. found.PwmChips.Select(chip => (string[])[chip.Name, chip.Device, chip.Channels.ToString(CultureInfo.InvariantCulture)])]);
        return (int)ExitCode.Success;
    }

    private static IEnumerable<string[]> RowsOf(I2cBusFinding bus)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{bus.Number} ({bus.Name})");
        foreach (var chip in bus.Chips)
        {
            yield return [name, ScanJson.AddressOf(chip.Address), chip.Driver is { } driver ? $"held by {driver}: {chip.DeviceName}" : $"likely {string.Join(", ", chip.LikelyChips)}"];
        }

        if (bus.Fault is { } fault) yield return [name, "", fault.Message];
    }

    private static string[] RowOf(KernelDeviceFinding device) =>
        [device.Name, device.Node, string.Join(", ", device.Channels.Select(channel => channel.Label is null ? $"{channel.Channel} ({channel.Unit})" : $"{channel.Channel} \"{channel.Label}\" ({channel.Unit})"))];

    private static int List(ConfigurationSources sources, bool asJson)
    {
        if (Load(sources) is not { } configuration) return (int)ExitCode.Configuration;

        var sensors = configuration.Sensors.Sensors;
        if (asJson) Print(new JsonArray([.. sensors.Select(sensor => sensor.Written.DeepClone())]));
        else TextTable.Print("sensors", ["name", "source", "chip", "interval", "store"], [.. sensors.Select(sensor => RowOf(sensor.Options))]);
        return (int)ExitCode.Success;
    }

    private static string[] RowOf(SensorOptions sensor) =>
        [sensor.Name, sensor.Source.ToString(), sensor.Map?.Name ?? sensor.Gpio?.Line.ToString() ?? sensor.Chip ?? "", sensor.Interval.ToString("c", CultureInfo.InvariantCulture), sensor.Store.ToString()];

    private static int Read(ConfigurationSources sources, string name, bool asJson)
    {
        if (Load(sources) is not { } configuration) return (int)ExitCode.Configuration;

        if (configuration.Sensors.Sensors.FirstOrDefault(sensor => sensor.Options.Name == name) is not { } definition)
        {
            var known = configuration.Sensors.Sensors.Select(sensor => sensor.Options.Name).ToList();
            return StandardError.Write(ExitCode.Usage, $"there is no sensor \"{name}\"; {(known.Count == 0 ? "the configuration has none" : $"there are {string.Join(", ", known)}")}");
        }

        if (definition.Options.IsActuator)
        {
            // Taking the output would set it to its safe state, which nobody has asked for.
            return StandardError.Write(ExitCode.Usage, $"\"{name}\" takes commands; ask the running gateway for its state: edge/sensors:get");
        }

        using var board = new Board(new BoardPaths());
        var measured = SensorReading.Take(definition.Options, new SensorBoard { Hardware = board }, TimeProvider.System);
        if (asJson)
        {
            Print(new JsonArray([.. measured.Select(one => new JsonObject
            {
                ["channel"] = one.Channel,
                ["kind"] = one.Kind,
                ["value"] = one.Measured.IsGood ? one.Measured.Value : null,
                ["unit"] = one.Unit,
                ["fault"] = one.Measured.Fault,
            })]));
        }
        else
        {
            TextTable.Print(name, ["channel", "kind", "value", "fault"], [.. measured.Select(RowOf)]);
        }

        return (int)(measured.Any(one => one.Measured.IsGood) ? ExitCode.Success : ExitCode.AddressUnavailable);
    }

    private static string[] RowOf(SensorReading reading) =>
    [
        reading.Channel ?? "",
        reading.Kind,
        reading.Measured.IsGood ? string.Create(CultureInfo.InvariantCulture, $"{reading.Measured.Value} {reading.Unit}") : "",
        reading.Measured.Fault ?? "",
    ];

    private static EdgeConfiguration? Load(ConfigurationSources sources)
    {
        var result = EdgeConfiguration.Load(sources);
        foreach (var fault in result.Faults) StandardError.Write(ExitCode.Configuration, fault.ToString());
        return result.Configuration;
    }

    private static void Print(JsonNode node)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, Readable)) node.WriteTo(writer);
        Console.Out.WriteLine(Encoding.UTF8.GetString(output.GetBuffer().AsSpan(0, (int)output.Length)));
    }
}
