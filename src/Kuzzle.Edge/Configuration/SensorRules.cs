using System.Globalization;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.Configuration.Trees;
using Kuzzle.Edge.Devices.Sensors;
using Kuzzle.Edge.Devices.Sensors.Definitions;
using Kuzzle.Edge.Hardware.Binding;
using Kuzzle.Edge.Hardware.Gpio;
using Kuzzle.Edge.Hardware.I2c.Chips;

namespace Kuzzle.Edge.Configuration;

/// <summary>Makes sensors of their definitions, whether those stand in a file or came through the API, and finds what does not fit together in one.</summary>
internal static class SensorRules
{
    /// <summary>Adds what is wrong with the sensors of a configuration.</summary>
    public static void Check(SettingValues values, List<ConfigurationFault> faults)
    {
        var named = new Dictionary<string, SettingPath>(StringComparer.Ordinal);
        foreach (var sensor in values.Get(SensorSettings.Sensors))
        {
            if (sensor.IsWritten(SensorSettings.Name))
            {
                var (name, path) = (sensor.Get(SensorSettings.Name), sensor.PathOf(SensorSettings.Name));
                if (!named.TryAdd(name, path)) faults.Add(new ConfigurationFault(sensor.OriginOf(SensorSettings.Name), $"{path} is \"{name}\", as {named[name]} is already"));
            }

            CheckSensor(sensor, faults);
        }

        var (count, most) = (values.Get(SensorSettings.Sensors).Count, values.Get(SensorSettings.MaxSensors));
        if (count > most) faults.Add(new ConfigurationFault(values.OriginOf(SensorSettings.Sensors), $"sensors has {count} members, and limits.sensors allows {most}"));
    }

    /// <summary>Reads a definition that came through the API.</summary>
    public static DefinitionResult Read(JsonElement definition)
    {
        var faults = new List<ConfigurationFault>();
        if (JsonText.Read(Encoding.UTF8.GetBytes(definition.GetRawText()), "definition", faults) is not SettingObject written)
        {
            if (faults.Count == 0) faults.Add(new ConfigurationFault(new Origin("definition"), "must be an object"));
            return new DefinitionResult(Options: null, [.. faults.Select(fault => fault.Message)]);
        }

        var values = SensorSettings.Schema.Read(written, SettingPath.Root, faults);
        CheckSensor(values, faults);
        return faults.Count > 0 ? new DefinitionResult(Options: null, [.. faults.Select(fault => fault.Message.TrimStart())]) : new DefinitionResult(Map(values), []);
    }

    /// <summary>The sensor that was written. To be called when <see cref="Check(SettingValues, List{ConfigurationFault})"/> has found nothing.</summary>
    public static SensorOptions Map(SettingValues values) => Map(values, []);

    private static void CheckSensor(SettingValues sensor, List<ConfigurationFault> faults)
    {
        if (SourceOf(sensor) is null)
        {
            if (!sensor.IsMeant(SensorSettings.Source)) faults.Add(new ConfigurationFault(sensor.Origin, $"{(sensor.Path.Text.Length == 0 ? "definition" : sensor.Path)} needs \"source\": {SensorSettings.Source.TypeDescription}"));
            return;
        }

        var before = faults.Count;
        var options = Map(sensor, faults);
        if (faults.Count > before) return; // What is wrong with its parts is enough.

        CheckChip(sensor, options, faults);
        foreach (var (key, fault) in options.FindFaults().Where(found => !WasTold(sensor, found.Key)))
        {
            faults.Add(new ConfigurationFault(sensor.Origin, $"{sensor.Path.Member(key)} {fault}"));
        }
    }

    /// <summary>A value that could not be read has its own fault already.</summary>
    private static bool WasTold(SettingValues sensor, string key) =>
        SensorSettings.Schema.Settings.FirstOrDefault(setting => setting.Key == key) is { } setting && sensor.IsMeant(setting) && !sensor.IsWritten(setting) || (key == "name" && !sensor.IsWritten(SensorSettings.Name));

    private static void CheckChip(SettingValues sensor, SensorOptions options, List<ConfigurationFault> faults)
    {
        if (options is not { Source: SensorSourceKind.I2c, Map: null, Chip: { } chip } || ReadyChips.Find(chip) is not null) return;

        var where = sensor.PathOf(sensor.IsWritten(SensorSettings.Map) ? SensorSettings.Map : SensorSettings.Chip);
        var ready = string.Join(", ", ReadyChips.All.Select(known => known.Name));
        faults.Add(new ConfigurationFault(
            sensor.Origin,
            KnownChips.Find(chip) is { } known
                ? $"{where} is \"{chip}\", for which the kernel has a driver: write \"source\": \"{(known.Subsystem == KernelSubsystem.Iio ? "iio" : "hwmon")}\", or leave it out"
                : $"{where} must be one of {ready}, or describe the registers, not \"{chip}\""));
    }

    /// <summary>Where it was said, or what follows from the chip; null when neither says it.</summary>
    private static SensorSourceKind? SourceOf(SettingValues values)
    {
        if (values.IsWritten(SensorSettings.Source)) return values.Get(SensorSettings.Source);
        if (values.IsMeant(SensorSettings.Source)) return null;
        if (values.IsWritten(SensorSettings.Line)) return SensorSourceKind.Gpio;
        if (values.IsWritten(SensorSettings.Map)) return SensorSourceKind.I2c;
        if (!values.IsWritten(SensorSettings.Bus) || values.Find(SensorSettings.Chip) is not { } chip) return null;
        if (ReadyChips.Find(chip) is not null) return SensorSourceKind.I2c;

        return KnownChips.Find(chip) is { } known ? known.Subsystem == KernelSubsystem.Iio ? SensorSourceKind.Iio : SensorSourceKind.Hwmon : null;
    }

    private static SensorOptions Map(SettingValues values, List<ConfigurationFault> faults)
    {
        var source = SourceOf(values) ?? default;
        var map = values.Find(SensorSettings.Map);
        var mapName = map is not null && RegisterMapSettings.IsNameOnly(map) ? map.Find(RegisterMapSettings.Name) : null;
        return new SensorOptions
        {
            Name = values.Find(SensorSettings.Name) ?? "",
            Source = source,
            Chip = mapName ?? values.Find(SensorSettings.Chip),
            Channel = values.Find(SensorSettings.Channel),
            Channels = values.IsWritten(SensorSettings.Channels) ? [.. values.Get(SensorSettings.Channels).Select(ChannelSettings.Map)] : [],
            Bus = values.IsWritten(SensorSettings.Bus) ? values.Get(SensorSettings.Bus) : null,
            Address = values.IsWritten(SensorSettings.Address) ? (int)values.Get(SensorSettings.Address) : null,
            Map = map is null || mapName is not null ? null : RegisterMapSettings.Map(map, values.Find(SensorSettings.Chip) ?? values.Find(SensorSettings.Name) ?? "", faults),
            ChipSettings = new ChipSettings { ShuntOhms = values.Get(SensorSettings.Shunt) },
            Gpio = source == SensorSourceKind.Gpio && values.Find(SensorSettings.Line) is { } line ? Gpio(values, line) : null,
            Pwm = source == SensorSourceKind.Pwm
                ? new PwmOptions { Frequency = values.Get(SensorSettings.Frequency), IsInversed = values.Get(SensorSettings.Inversed), Safe = values.Get(SensorSettings.Safe) }
                : null,
            Capture = values.Get(SensorSettings.Capture)
                ? new CaptureOptions { Trigger = values.Find(SensorSettings.Trigger), Series = values.Get(SensorSettings.Series), Frequency = values.IsWritten(SensorSettings.Frequency) ? values.Get(SensorSettings.Frequency) : null }
                : null,
            ResolutionBits = values.IsWritten(SensorSettings.Resolution) ? values.Get(SensorSettings.Resolution) : null,
            Interval = values.Get(SensorSettings.Interval),
            Timeout = values.Get(SensorSettings.Timeout),
            Samples = values.Get(SensorSettings.Samples),
            Reduce = values.Get(SensorSettings.Reduce),
            DeadBand = values.Get(SensorSettings.DeadBand),
            MinInterval = values.Get(SensorSettings.MinInterval),
            MaxInterval = values.Get(SensorSettings.MaxInterval),
            ValidMin = values.IsWritten(SensorSettings.ValidMin) ? values.Get(SensorSettings.ValidMin) : null,
            ValidMax = values.IsWritten(SensorSettings.ValidMax) ? values.Get(SensorSettings.ValidMax) : null,
            Alarms = values.IsWritten(SensorSettings.Alarms) ? [.. values.Get(SensorSettings.Alarms).Select(AlarmSettings.Map)] : [],
            Store = values.Get(SensorSettings.Store),
            RetentionAge = values.IsWritten(SensorSettings.RetentionAge) ? values.Get(SensorSettings.RetentionAge) : null,
            RetentionCount = values.IsWritten(SensorSettings.RetentionCount) ? values.Get(SensorSettings.RetentionCount) : null,
            Index = values.Get(SensorSettings.Index),
            Collection = values.Get(SensorSettings.Collection),
            Topic = values.Find(SensorSettings.Topic),
            Seed = values.Get(SensorSettings.Seed),
            Mean = values.Get(SensorSettings.Mean),
            Amplitude = values.Get(SensorSettings.Amplitude),
            Period = values.Get(SensorSettings.Period),
            Shape = values.Get(SensorSettings.Shape),
            Noise = values.Get(SensorSettings.Noise),
            Kind = values.Get(SensorSettings.Kind),
            Unit = values.Get(SensorSettings.Unit),
            File = values.Find(SensorSettings.File),
            Column = values.Find(SensorSettings.Column),
        };
    }

    private static GpioOptions Gpio(SettingValues values, string line)
    {
        var mode = values.Get(SensorSettings.Mode);
        var chip = values.Find(SensorSettings.Chip);
        return new GpioOptions
        {
            Line = int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? GpioLineId.At(chip ?? "gpiochip0", offset) : GpioLineId.Named(line, chip),
            Mode = mode,
            Bias = values.Get(SensorSettings.Bias),
            Drive = values.Get(SensorSettings.Drive),
            Edges = values.IsWritten(SensorSettings.Edges) || mode == GpioMode.Input ? values.Get(SensorSettings.Edges) : GpioEdges.Rising,
            Debounce = values.Get(SensorSettings.Debounce),
            IsActiveLow = values.Get(SensorSettings.ActiveLow),
            Safe = values.Get(SensorSettings.Safe) > 0,
        };
    }
}
