using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Devices.Sensors;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>The sensors of this box.</summary>
internal static class SensorSettings
{
    private static readonly SensorOptions Sensor = new() { Name = "sensor", Source = SensorSourceKind.Simulated };

    public static readonly Setting<string> Name = new(
        "name",
        new TextType<string>("1 to 64 letters, digits, '-', '_' or '.'", ParseName, static text => text),
        null,
        "Its name, which is that of the device it publishes as.")
    {
        IsRequired = true,
    };

    public static readonly Setting<SensorSourceKind> Source = new(
        "source",
        new ChoiceType<SensorSourceKind>(
            ("hwmon", SensorSourceKind.Hwmon), ("thermal", SensorSourceKind.Thermal), ("iio", SensorSourceKind.Iio), ("simulated", SensorSourceKind.Simulated)),
        default,
        "Where its values come from.")
    {
        IsRequired = true,
    };

    public static readonly Setting<string> Chip = new(
        "chip", Types.Text, null, "The chip (hwmon), device (iio) or zone (thermal) by the kernel's name. Absent: the first that fits.");

    public static readonly Setting<string> Channel = new(
        "channel", Types.Text, null, "The input of the chip: `temp1` or a label (hwmon), `temp`, `voltage0` … (iio). Absent: its temperature.");

    public static readonly Setting<TimeSpan> Interval = new(
        "interval", Types.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)), Sensor.Interval, "Time between readings.");

    public static readonly Setting<ReadingStorage> Store = new(
        "store",
        new ChoiceType<ReadingStorage>(("none", ReadingStorage.None), ("last", ReadingStorage.Last), ("all", ReadingStorage.All)),
        Sensor.Store,
        "What is kept: `none`: a reading is a realtime message; `last`: one document with the last; `all`: a document for each.");

    public static readonly Setting<string> Index = new("index", Types.Text, Sensor.Index, "The index of the readings.");

    public static readonly Setting<string> Collection = new("collection", Types.Text, Sensor.Collection, "The collection of the readings.");

    public static readonly Setting<string> Topic = new(
        "topic", Types.TopicName, null, "An MQTT topic on which each reading is published too, for clients that know nothing of Kuzzle.");

    public static readonly Setting<int> Seed = new("seed", Types.Integer(int.MinValue, int.MaxValue), Sensor.Seed, "Simulated: which waveform.");

    public static readonly Setting<double> Mean = new("mean", Types.Number, Sensor.Mean, "Simulated: the middle of the values in °C.");

    public static readonly Setting<double> Amplitude = new("amplitude", new NumberType(0), Sensor.Amplitude, "Simulated: how far the values go from the middle in °C.");

    public static readonly Setting<TimeSpan> Period = new(
        "period", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)), Sensor.Period, "Simulated: the length of the wave.");

    public static readonly Setting<IReadOnlyList<SettingValues>> Sensors = new(
        "sensors",
        new GroupListType(new SettingSchema([Name, Source, Chip, Channel, Interval, Store, Index, Collection, Topic, Seed, Mean, Amplitude, Period], [])),
        [],
        "The sensors of this box.");

    public static IReadOnlyList<Setting> All { get; } = [Sensors];

    private static string? ParseName(string text) =>
        text.Length is >= 1 and <= 64 && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') ? text : null;
}
