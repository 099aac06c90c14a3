using System.Globalization;
using System.Text.RegularExpressions;
using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.I2c.Registers;
using Kuzzle.Edge.Hardware.Simulated;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>One sensor or actuator as it is configured. Immutable; <see cref="FindFaults"/> tells all that is wrong with it.</summary>
public sealed partial record SensorOptions
{
    /// <summary>More than any chip has.</summary>
    private const int MaxChannels = 64;

    /// <summary>Less than any change of a state, and more than rounding makes of a duty.</summary>
    private const double SmallestSwitch = 1e-3;

    /// <summary>Its name, and that of the device it publishes as: 1 to 64 of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where its values come from.</summary>
    public required SensorSourceKind Source { get; init; }

    /// <summary>The chip (hwmon, gpio, pwm), device (iio) or zone (thermal) by the name the kernel gives it; null takes the first that fits.</summary>
    public string? Chip { get; init; }

    /// <summary>The input of the chip: <c>temp1</c> or a label (hwmon), <c>temp</c>, <c>voltage0</c> … (iio). Null is <c>temp1</c>, or <c>temp</c>.</summary>
    public string? Channel { get; init; }

    /// <summary>Several inputs of the chip, each published under its own name, instead of <see cref="Channel"/>; empty for one.</summary>
    public IReadOnlyList<ChannelOptions> Channels { get; init; } = [];

    /// <summary>The I2C bus the chip is on; null when the kernel knows the chip already.</summary>
    public int? Bus { get; init; }

    /// <summary>The chip's 7-bit address on its bus; null for its usual one.</summary>
    public int? Address { get; init; }

    /// <summary>How a chip on an I2C bus is read, when it is none that this program knows by name.</summary>
    public RegisterMap? Map { get; init; }

    /// <summary>What a chip on an I2C bus cannot know about the board around it.</summary>
    public ChipSettings ChipSettings { get; init; } = new();

    /// <summary>What is asked of a GPIO line; null for other sources.</summary>
    public GpioOptions? Gpio { get; init; }

    /// <summary>What is asked of a PWM output; null for other sources.</summary>
    public PwmOptions? Pwm { get; init; }

    /// <summary>Time between samples. 100 ms to 24 h. Chips that are asked more often than every second or two warm themselves.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the chip may take before it counts as failed and its thread as lost. 10 ms to 1 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many samples make a reading. 1 to 10 000.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>How they make it.</summary>
    public Reduction Reduce { get; init; }

    /// <summary>A reading is published when it is at least this far from the one published last. 0 publishes every reading.</summary>
    public double DeadBand { get; init; }

    /// <summary>The least time between two publications of a channel. 0 to 24 h.</summary>
    public TimeSpan MinInterval { get; init; }

    /// <summary>After this time a reading is published even if it is within the dead-band; zero when it need not be. 0 to 30 days.</summary>
    public TimeSpan MaxInterval { get; init; }

    /// <summary>What lies below is not to be believed; null for no such bound.</summary>
    public double? ValidMin { get; init; }

    /// <summary>What lies above is not to be believed; null for no such bound.</summary>
    public double? ValidMax { get; init; }

    /// <summary>The bounds whose crossing is told.</summary>
    public IReadOnlyList<AlarmOptions> Alarms { get; init; } = [];

    /// <summary>What is kept of the readings.</summary>
    public ReadingStorage Store { get; init; } = ReadingStorage.None;

    /// <summary>How long stored readings are kept; null without a bound. 1 s to 100 years; for sensors that store all of them.</summary>
    public TimeSpan? RetentionAge { get; init; }

    /// <summary>How many stored readings are kept; null without a bound. 1 or more; for sensors that store all of them.</summary>
    public long? RetentionCount { get; init; }

    /// <summary>The index that readings are published and stored in.</summary>
    public string Index { get; init; } = "sensors";

    /// <summary>The collection that readings are published and stored in.</summary>
    public string Collection { get; init; } = "readings";

    /// <summary>An MQTT topic that each reading is published on as well, for clients that know nothing of Kuzzle; null for none.</summary>
    public string? Topic { get; init; }

    /// <summary>The waveform of a simulated sensor.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The middle of a simulated sensor's values, in °C.</summary>
    public double Mean { get; init; } = 21;

    /// <summary>How far a simulated sensor's values go from the middle, in °C. 0 or more.</summary>
    public double Amplitude { get; init; } = 4;

    /// <summary>The length of a simulated sensor's wave. 1 s to 30 days.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The shape of a simulated sensor's values.</summary>
    public Waveform Shape { get; init; }

    /// <summary>How much noise a simulated sensor has, as a part of its amplitude. 0 to 1.</summary>
    public double Noise { get; init; } = 0.05;

    /// <summary>What a simulated sensor says to measure.</summary>
    public string Kind { get; init; } = "temperature";

    /// <summary>In what unit a simulated sensor says to measure it.</summary>
    public string Unit { get; init; } = "°C";

    /// <summary>A recording (CSV) that a simulated sensor gives again instead of a waveform; null for none.</summary>
    public string? File { get; init; }

    /// <summary>The column of the recording: its name or its number; null for the second.</summary>
    public string? Column { get; init; }

    /// <summary>The precision of a 1-Wire thermometer in bits, 9 to 12; null leaves it.</summary>
    public int? ResolutionBits { get; init; }

    /// <summary>How the kernel captures samples of an IIO device by itself; null asks for each.</summary>
    public CaptureOptions? Capture { get; init; }

    /// <summary>Whether it is something that takes commands.</summary>
    public bool IsActuator => Source == SensorSourceKind.Pwm || (Source == SensorSourceKind.Gpio && Gpio?.Mode == GpioMode.Output);

    /// <summary>Whether it has states rather than values: only their changes are of interest.</summary>
    private bool IsSwitched => IsActuator || (Source == SensorSourceKind.Gpio && Gpio?.Mode == GpioMode.Input);

    /// <summary>The channels that were named, with what holds for each; or the one there is.</summary>
    internal IReadOnlyList<ChannelOptions> EffectiveChannels => Channels.Count > 0 ? Channels : [OfTheSensor];

    private ChannelOptions OfTheSensor => new() { Channel = Channel, DeadBand = IsSwitched && DeadBand == 0 ? SmallestSwitch : DeadBand, ValidMin = ValidMin, ValidMax = ValidMax, Alarms = Alarms };

    /// <summary>What holds for a channel of the probe: what was said for it, or what was said for the sensor as a whole.</summary>
    /// <param name="channel">As readings carry it: null for the only one, which may have been named all the same.</param>
    internal ChannelOptions For(string? channel) => Channels.Count == 1 ? Channels[0] : Channels.FirstOrDefault(named => named.Channel == channel) ?? OfTheSensor;

    /// <summary>All that is wrong, each as the key and a sentence; empty when nothing is.</summary>
    public IReadOnlyList<(string Key, string Fault)> FindFaults()
    {
        var faults = new List<(string, string)>();
        void Check(bool isRight, string key, string fault)
        {
            if (!isRight) faults.Add((key, fault));
        }

        void CheckTime(TimeSpan time, TimeSpan min, TimeSpan max, string key, string range) => Check(time >= min && time <= max, key, $"must be {range}");
        void CheckAlarms(IReadOnlyList<AlarmOptions> alarms, string key)
        {
            foreach (var alarm in alarms)
            {
                Check(DeviceName().IsMatch(alarm.Name), key, $"'{alarm.Name}' must be named by 1 to 64 letters, digits, '-', '_' or '.'");
                Check(alarm.Above is not null || alarm.Below is not null, key, $"'{alarm.Name}' needs \"above\" or \"below\"");
                Check(alarm.Above is null || alarm.Below is null || alarm.Below <= alarm.Above, key, $"'{alarm.Name}': \"below\" must not be greater than \"above\"");
                Check(alarm.Hysteresis >= 0 && double.IsFinite(alarm.Hysteresis), key, $"'{alarm.Name}': \"hysteresis\" must be 0 or more");
            }

            Check(alarms.Select(alarm => alarm.Name).Distinct(StringComparer.Ordinal).Count() == alarms.Count, key, "must not name two alarms alike");
        }

        Check(DeviceName().IsMatch(Name), "name", "must be 1 to 64 letters, digits, '-', '_' or '.'");
        CheckTime(Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1), "interval", "100 ms to 24 h");
        CheckTime(Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), "timeout", "10 ms to 1 min");
        Check(Samples is >= 1 and <= 10_000, "samples", "must be 1 to 10000");
        Check(DeadBand >= 0 && double.IsFinite(DeadBand), "deadBand", "must be 0 or more");
        CheckTime(MinInterval, TimeSpan.Zero, TimeSpan.FromDays(1), "minInterval", "0 to 24 h");
        CheckTime(MaxInterval, TimeSpan.Zero, TimeSpan.FromDays(30), "maxInterval", "0 to 30 days");
        Check(MaxInterval == TimeSpan.Zero || MaxInterval >= MinInterval, "maxInterval", "must not be less than minInterval");
        Check(!(ValidMin > ValidMax), "validMax", "must not be less than validMin");
        CheckAlarms(Alarms, "alarms");
        Check(Channels.Count <= MaxChannels, "channels", "must be 64 at the most");
        Check(Channels.Count == 0 || Channel is null, "channels", "cannot be there together with \"channel\"");
        foreach (var channel in Channels)
        {
            Check(channel.Channel is not null && DeviceName().IsMatch(channel.Channel), "channels", $"'{channel.Channel}' must be 1 to 64 letters, digits, '-', '_' or '.'");
            Check(channel.DeadBand >= 0 && double.IsFinite(channel.DeadBand), "channels", $"'{channel.Channel}': \"deadBand\" must be 0 or more");
            Check(!(channel.ValidMin > channel.ValidMax), "channels", $"'{channel.Channel}': \"validMax\" must not be less than \"validMin\"");
            CheckAlarms(channel.Alarms, "channels");
        }

        Check(Channels.Select(channel => channel.Channel).Distinct(StringComparer.Ordinal).Count() == Channels.Count, "channels", "must not name a channel twice");
        Check(Amplitude >= 0 && double.IsFinite(Amplitude), "amplitude", "must be 0 or more");
        Check(double.IsFinite(Mean), "mean", "must be a number");
        CheckTime(Period, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), "period", "1 s to 30 days");
        Check(Index.Length > 0, "index", "must not be empty");
        Check(Collection.Length > 0, "collection", "must not be empty");
        Check(Topic is null || (Topic.Length > 0 && !Topic.AsSpan().ContainsAny("+#\0")), "topic", "must be a topic without wildcards");
        CheckSource(Check);
        return faults;
    }

    private void CheckSource(Action<bool, string, string> check)
    {
        check(Source != SensorSourceKind.Gpio || Gpio is not null, "line", "must be written for a sensor of source \"gpio\": the line's name or number");
        check(Source != SensorSourceKind.Pwm || Chip is not null, "chip", "must be written for a sensor of source \"pwm\": \"pwmchip0\", its number or its device");
        check(Source != SensorSourceKind.Pwm || Pwm is { Frequency: >= 0.1 and <= 1_000_000 }, "frequency", "must be 0.1 to 1000000 (Hz)");
        check(Pwm is null or { Safe: >= 0 and <= 100 }, "safe", "must be 0 to 100 (percent)");
        check(ResolutionBits is null or (>= 9 and <= 12), "resolution", "must be 9 to 12 (bits)");
        check(Noise is >= 0 and <= 1, "noise", "must be 0 to 1");
        check(Capture is null || Source == SensorSourceKind.Iio, "capture", "is for sensors of source \"iio\"");
        check(Capture is null || Chip is not null, "chip", "must be written for a capture: the device's name");
        check((RetentionAge is null && RetentionCount is null) || Store == ReadingStorage.All, "retention", "is for sensors with \"store\": \"all\"");
        check(RetentionAge is null || (RetentionAge >= TimeSpan.FromSeconds(1) && RetentionAge <= TimeSpan.FromDays(36_500)), "retention.maxAge", "must be 1 s to 36500 days");
        check(RetentionCount is null or >= 1, "retention.maxCount", "must be 1 or more");
        check(Capture is null || Samples == 1, "samples", "must be 1 for a capture: a reading is made of all samples of its interval");
        check(Capture is null or { Series: >= 0 and <= CaptureOptions.MaxSeries }, "series", "must be 0 to 1000");
        check(Gpio is null or { Debounce.Ticks: >= 0 }, "debounce", "must be 0 or more");
        check(Source != SensorSourceKind.I2c || Bus is not null, "bus", "must be written for a sensor of source \"i2c\": the number of its bus");
        check(Source != SensorSourceKind.I2c || Chip is not null || Map is not null, "chip", "must be written for a sensor of source \"i2c\", or \"map\"");
        foreach (var (key, fault) in Map?.FindFaults() ?? []) check(arg1: false, $"map.{key}", fault);
        check(Address is null or (>= 0x03 and <= 0x77), "address", "must be 0x03 to 0x77");
        check(Bus is null or >= 0, "bus", "must be 0 or more");
        check(Source is not SensorSourceKind.Gpio and not SensorSourceKind.Pwm || Channels.Count == 0, "channels", "cannot be written for a line: it has but one value");
        check(Source != SensorSourceKind.Pwm || Channel is null || int.TryParse(Channel, NumberStyles.None, CultureInfo.InvariantCulture, out _), "channel", "must be the number of the output for a sensor of source \"pwm\"");
        check(!IsActuator || Samples == 1, "samples", "must be 1 for what takes commands");
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DeviceName();
}
