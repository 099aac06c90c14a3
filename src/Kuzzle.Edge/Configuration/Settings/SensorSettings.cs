using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.Simulated;

namespace Kuzzle.Edge.Configuration.Settings;

/// <summary>The sensors and actuators of this box.</summary>
internal static class SensorSettings
{
    private static readonly SensorOptions Sensor = new() { Name = "sensor", Source = SensorSourceKind.Simulated };

    private static readonly PwmOptions PwmDefaults = new();

    public static readonly Setting<string> Name = new("name", Types.DeviceName, null, "Its name, which is that of the device it publishes as.") { IsRequired = true };

    public static readonly Setting<SensorSourceKind> Source = new(
        "source",
        new ChoiceType<SensorSourceKind>(
            ("hwmon", SensorSourceKind.Hwmon),
            ("thermal", SensorSourceKind.Thermal),
            ("iio", SensorSourceKind.Iio),
            ("w1", SensorSourceKind.OneWire),
            ("i2c", SensorSourceKind.I2c),
            ("gpio", SensorSourceKind.Gpio),
            ("pwm", SensorSourceKind.Pwm),
            ("simulated", SensorSourceKind.Simulated)),
        default,
        "Where its values come from. May be absent where \"chip\" and \"bus\" say it: a chip that the program or the kernel knows by name.")
    {
        HasNoDefault = true,
    };

    public static readonly Setting<string> Chip = new(
        "chip",
        new LabelType("a name or a number"),
        null,
        "The chip (hwmon, i2c, gpio, pwm), device (iio), zone (thermal) or id (w1) by its name; a chip with `bus` is made known to the kernel. Absent: the first that fits.");

    public static readonly Setting<string> Channel = new(
        "channel", new LabelType("a name or a number"), null, "The input of the chip: `temp1` or a label (hwmon), `temp`, `voltage0` … (iio), the output's number (pwm). Absent: its temperature, or all there are (i2c).");

    public static readonly Setting<IReadOnlyList<SettingValues>> Channels = new(
        "channels", new GroupListType(ChannelSettings.Schema, ChannelSettings.Channel.Key), [], "Several inputs of the chip, each told under its own name, instead of `channel`.");

    public static readonly Setting<int> Bus = new("bus", Types.Integer(0, 255), 0, "The number of the I2C bus that the chip is on. Absent: the kernel knows the chip already.") { HasNoDefault = true };

    public static readonly Setting<long> Address = new("address", new RegisterNumberType(0x08, 0x77), 0, "The chip's address on its bus. Absent: its usual one.") { HasNoDefault = true };

    public static readonly Setting<SettingValues> Map = new(
        "map", new GroupType(RegisterMapSettings.Schema, RegisterMapSettings.Name.Key), null, "i2c: how the chip is read, by the name of a chip that the program knows, or register by register.");

    public static readonly Setting<double> Shunt = new("shunt", new NumberType(0.000001), Sensor.ChipSettings.ShuntOhms, "i2c: the resistor of an INA219 or INA226 in Ω.");

    public static readonly Setting<string> Line = new("line", new LabelType("a line's name or number"), null, "gpio: the line by the name that the board gives it (`GPIO17`), or by its number on `chip`.");

    public static readonly Setting<GpioMode> Mode = new(
        "mode",
        new ChoiceType<GpioMode>(("input", GpioMode.Input), ("counter", GpioMode.Counter), ("frequency", GpioMode.Frequency), ("output", GpioMode.Output)),
        GpioMode.Input,
        "gpio: `input`: each change is a reading; `counter`: the number of edges; `frequency`: edges in a second; `output`: driven by commands.");

    public static readonly Setting<GpioBias> Bias = new(
        "bias",
        new ChoiceType<GpioBias>(("as-is", GpioBias.AsIs), ("none", GpioBias.Disabled), ("pull-up", GpioBias.PullUp), ("pull-down", GpioBias.PullDown)),
        GpioBias.AsIs,
        "gpio: the resistor inside the chip.");

    public static readonly Setting<GpioDrive> Drive = new(
        "drive",
        new ChoiceType<GpioDrive>(("push-pull", GpioDrive.PushPull), ("open-drain", GpioDrive.OpenDrain), ("open-source", GpioDrive.OpenSource)),
        GpioDrive.PushPull,
        "gpio, output: which levels it drives.");

    public static readonly Setting<GpioEdges> Edges = new(
        "edges",
        new ChoiceType<GpioEdges>(("both", GpioEdges.Both), ("rising", GpioEdges.Rising), ("falling", GpioEdges.Falling)),
        GpioEdges.Both,
        "gpio: which changes are told (input), or counted (counter, frequency; there `rising` when nothing is written).");

    public static readonly Setting<TimeSpan> Debounce = new(
        "debounce", Types.Duration(TimeSpan.Zero, TimeSpan.FromMinutes(1)), TimeSpan.Zero, "gpio: how long an input must rest before a change counts.");

    public static readonly Setting<bool> ActiveLow = new("activeLow", Types.Flag, false, "gpio: whether low means active.");

    public static readonly Setting<double> Safe = new("safe", new LevelType(), 0, "gpio output, pwm: its state from the start, and again when the service stops.");

    public static readonly Setting<double> Frequency = new(
        "frequency", new NumberType(0.1), PwmDefaults.Frequency, "pwm: periods in a second. iio with `capture`: samples in a second, where nothing is written as it is.");

    public static readonly Setting<bool> Inversed = new("inversed", Types.Flag, false, "pwm: whether low is the active part.");

    public static readonly Setting<bool> Capture = new("capture", Types.Flag, false, "iio: whether the kernel samples by a trigger of its own; a reading is what `reduce` makes of the samples since the one before, and tells their number, least, greatest, mean and rms.");

    public static readonly Setting<int> Series = new("series", Types.Integer(0, CaptureOptions.MaxSeries), 0, "iio with `capture`: how many of its samples a reading carries; where there are more, averages of neighbours.");

    public static readonly Setting<string> Trigger = new("trigger", Types.Text, null, "iio with `capture`: the trigger's name. Absent: the one that is set.");

    public static readonly Setting<int> Resolution = new("resolution", Types.Integer(9, 12), 12, "w1: the precision in bits; each less halves the time of a reading. Absent: as it is.") { HasNoDefault = true };

    public static readonly Setting<TimeSpan> Interval = new(
        "interval", Types.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)), Sensor.Interval, "Time between samples.");

    public static readonly Setting<TimeSpan> Timeout = new(
        "timeout", Types.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)), Sensor.Timeout, "How long the hardware may take before the sensor counts as hanging.");

    public static readonly Setting<int> Samples = new("samples", Types.Integer(1, 10_000), Sensor.Samples, "How many samples make a reading.");

    public static readonly Setting<Reduction> Reduce = new(
        "reduce",
        new ChoiceType<Reduction>(("mean", Reduction.Mean), ("median", Reduction.Median), ("min", Reduction.Min), ("max", Reduction.Max), ("rms", Reduction.Rms), ("last", Reduction.Last)),
        Reduction.Mean,
        "How they make it.");

    public static readonly Setting<double> DeadBand = new("deadBand", new NumberType(0), 0, "A reading is told when it is at least this far from the one told last.");

    public static readonly Setting<TimeSpan> MinInterval = new("minInterval", Types.Duration(TimeSpan.Zero, TimeSpan.FromDays(1)), TimeSpan.Zero, "The least time between two readings that are told.");

    public static readonly Setting<TimeSpan> MaxInterval = new(
        "maxInterval", Types.Duration(TimeSpan.Zero, TimeSpan.FromDays(30)), TimeSpan.Zero, "After this time a reading is told even within the dead-band. 0: it need not be.");

    public static readonly Setting<double> ValidMin = new("validMin", Types.Number, 0, "What is less has the quality `out-of-range`.") { HasNoDefault = true };

    public static readonly Setting<double> ValidMax = new("validMax", Types.Number, 0, "What is greater has the quality `out-of-range`.") { HasNoDefault = true };

    public static readonly Setting<IReadOnlyList<SettingValues>> Alarms = new("alarms", new GroupListType(AlarmSettings.Schema), [], "Bounds whose crossing is told.");

    public static readonly Setting<ReadingStorage> Store = new(
        "store",
        new ChoiceType<ReadingStorage>(("none", ReadingStorage.None), ("last", ReadingStorage.Last), ("all", ReadingStorage.All)),
        Sensor.Store,
        "What is kept: `none`: a reading is a realtime message; `last`: one document with the last; `all`: a document for each.");

    public static readonly Setting<TimeSpan> RetentionAge = new(
        "retention.maxAge", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(36_500)), TimeSpan.Zero, "With `store` `all`: older readings are removed. Absent: none.")
    { HasNoDefault = true };

    public static readonly Setting<int> RetentionCount = new(
        "retention.maxCount", Types.Integer(1, int.MaxValue), 0, "With `store` `all`: beyond so many readings of this sensor the oldest are removed. Absent: none.")
    { HasNoDefault = true };

    public static readonly Setting<string> Index = new("index", Types.Text, Sensor.Index, "The index of the readings, and the application of the device.");

    public static readonly Setting<string> Collection = new("collection", Types.Text, Sensor.Collection, "The collection of the readings.");

    public static readonly Setting<string> Topic = new(
        "topic", Types.TopicName, null, "An MQTT topic on which each reading is published too, for clients that know nothing of Kuzzle.");

    public static readonly Setting<int> Seed = new("seed", Types.Integer(int.MinValue, int.MaxValue), Sensor.Seed, "Simulated: which waveform.");

    public static readonly Setting<double> Mean = new("mean", Types.Number, Sensor.Mean, "Simulated: the middle of the values.");

    public static readonly Setting<double> Amplitude = new("amplitude", new NumberType(0), Sensor.Amplitude, "Simulated: how far the values go from the middle.");

    public static readonly Setting<TimeSpan> Period = new(
        "period", Types.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)), Sensor.Period, "Simulated: the length of the wave.");

    public static readonly Setting<Waveform> Shape = new(
        "shape",
        new ChoiceType<Waveform>(("sine", Waveform.Sine), ("square", Waveform.Square), ("sawtooth", Waveform.Sawtooth), ("walk", Waveform.RandomWalk)),
        Waveform.Sine,
        "Simulated: the shape of the wave.");

    public static readonly Setting<double> Noise = new("noise", new NumberType(0), Sensor.Noise, "Simulated: how much noise, as a part of the amplitude. Up to 1.");

    public static readonly Setting<string> Kind = new("kind", Types.Text, Sensor.Kind, "Simulated: what it says to measure.");

    public static readonly Setting<string> Unit = new("unit", Types.Text, Sensor.Unit, "Simulated: in what unit.");

    public static readonly Setting<string> File = new("file", Types.FilePath, null, "Simulated: a recording (CSV: a time, then values) that is given again, instead of a wave.");

    public static readonly Setting<string> Column = new("column", new LabelType("a name or a number"), null, "Simulated, with `file`: the column. Absent: the second.");

    /// <summary>What may stand in the definition of a sensor, in the file and through the API alike.</summary>
    public static SettingSchema Schema { get; } = new(
        [
            Name, Source, Chip, Channel, Channels, Bus, Address, Map, Shunt, Line, Mode, Bias, Drive, Edges, Debounce, ActiveLow, Safe, Frequency, Inversed, Capture, Trigger, Series, Resolution,
            Interval, Timeout, Samples, Reduce, DeadBand, MinInterval, MaxInterval, ValidMin, ValidMax, Alarms, Store, RetentionAge, RetentionCount, Index, Collection, Topic,
            Seed, Mean, Amplitude, Period, Shape, Noise, Kind, Unit, File, Column,
        ],
        []);

    public static readonly Setting<IReadOnlyList<SettingValues>> Sensors = new("sensors", new GroupListType(Schema), [], "The sensors and actuators of this box.");

    public static readonly Setting<int> MaxSensors = new(
        "limits.sensors", Types.Integer(1, 10_000), new SensorServiceOptions().MaxSensors, "How many sensors there may be, those defined through the API included.");

    public static readonly Setting<bool> ClockTrusted = new(
        "clock.trusted", Types.Flag, false, "Whether the time of day is right though nobody keeps it so: a board with a battery and without a network. Else readings are marked until it is.");

    public static readonly Setting<bool> HomeAssistantEnabled = new("homeAssistant.enabled", Types.Flag, false, "Whether Home Assistant is told of the sensors by MQTT discovery.");

    public static readonly Setting<string> HomeAssistantPrefix = new("homeAssistant.prefix", Types.TopicLevel, "homeassistant", "The topic under which Home Assistant looks.");

    public static readonly Setting<string> HomeAssistantId = new(
        "homeAssistant.id", Types.DiscoveryId, null, "The name of this box there, which must stay the same. Absent: that of the machine.");

    public static IReadOnlyList<Setting> All { get; } = [Sensors, MaxSensors, ClockTrusted, HomeAssistantEnabled, HomeAssistantPrefix, HomeAssistantId];
}
