using System.Globalization;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.Scanning;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>What a scan has found, as JSON.</summary>
public static class ScanJson
{
    /// <summary>A tree of its own for each call.</summary>
    public static JsonObject Of(BoardScan scan) => new()
    {
        ["i2c"] = List(scan.I2cBuses, bus => new JsonObject
        {
            ["bus"] = bus.Number,
            ["name"] = bus.Name,
            ["fault"] = bus.Fault?.Message,
            ["chips"] = List(bus.Chips, chip => new JsonObject
            {
                ["address"] = AddressOf(chip.Address),
                ["driver"] = chip.Driver,
                ["device"] = chip.DeviceName,
                ["likely"] = Texts(chip.LikelyChips),
            }),
        }),
        ["hwmon"] = List(scan.Hwmon, Device),
        ["iio"] = List(scan.Iio, Device),
        ["thermal"] = List(scan.ThermalZones, zone => new JsonObject { ["zone"] = zone.Node, ["type"] = zone.Type }),
        ["gpio"] = List(scan.GpioChips, chip => new JsonObject
        {
            ["chip"] = chip.Name,
            ["label"] = chip.Label,
            ["fault"] = chip.Fault?.Message,
            ["lines"] = List(chip.Lines, Line),
        }),
        ["w1"] = List(scan.OneWire, device => new JsonObject { ["id"] = device.Id, ["family"] = device.Family, ["thermometer"] = device.IsThermometer }),
        ["pwm"] = List(scan.PwmChips, chip => new JsonObject { ["chip"] = chip.Name, ["device"] = chip.Device, ["outputs"] = chip.Channels }),
    };

    /// <summary>An address as chips' data sheets write it.</summary>
    public static string AddressOf(int address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x2}");

    private static JsonObject Device(KernelDeviceFinding device) => new()
    {
        ["device"] = device.Node,
        ["chip"] = device.Name,
        ["channels"] = List(device.Channels, channel => new JsonObject { ["channel"] = channel.Channel, ["label"] = channel.Label, ["kind"] = channel.Kind, ["unit"] = channel.Unit }),
    };

    private static JsonObject Line(GpioLineInfo line) => new()
    {
        ["line"] = line.Offset,
        ["name"] = line.Name,
        ["direction"] = line.IsOutput ? "output" : "input",
        ["consumer"] = line.Consumer,
        ["used"] = line.IsUsed,
    };

    private static JsonArray List<T>(IReadOnlyList<T> items, Func<T, JsonObject> show) => new([.. items.Select(item => (JsonNode)show(item))]);

    private static JsonArray Texts(IReadOnlyList<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
