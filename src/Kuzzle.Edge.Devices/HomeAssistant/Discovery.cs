using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kuzzle.Edge.Devices.Sensors;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Devices.HomeAssistant;

/// <summary>
/// Makes sensors and actuators known to Home Assistant by its MQTT discovery: a retained description for each, whether it is there, and the topics of its values and commands.
/// </summary>
internal sealed partial class Discovery(HomeAssistantOptions options, IPlainTopics topics, ILogger logger)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConcurrentDictionary<string, (string Sensor, ReadOnlyMemory<byte> Description)> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _available = new(StringComparer.Ordinal);
    private readonly List<IAsyncDisposable> _subscriptions = [];
    private readonly HashSet<string> _described = new(StringComparer.Ordinal);

    private string Node => $"kuzzle_edge_{options.GatewayId}";

    private string GatewayAvailability => $"{options.BaseTopic}/availability";

    /// <summary>The topic of a sensor's readings: its own, or one under the box's.</summary>
    public string TopicOf(SensorOptions sensor) => sensor.Topic ?? $"{options.BaseTopic}/{sensor.Name}";

    /// <summary>Where commands for an actuator come.</summary>
    public string CommandTopicOf(SensorOptions sensor) => $"{TopicOf(sensor)}/set";

    /// <summary>Says that the box is there, takes away what it has said of sensors that are no more, and listens for a Home Assistant that starts.</summary>
    public async Task StartAsync()
    {
        topics.Publish(GatewayAvailability, "online"u8.ToArray(), Retention.Kept);
        _subscriptions.Add(await topics.SubscribeAsync($"{options.Prefix}/+/{Node}/+/config", ForgetUnknownAsync));
        _subscriptions.Add(await topics.SubscribeAsync($"{options.Prefix}/status", RepeatAsync));
    }

    /// <summary>Says that the box is gone.</summary>
    public async Task StopAsync()
    {
        foreach (var subscription in _subscriptions) await subscription.DisposeAsync();
        topics.Publish(GatewayAvailability, "offline"u8.ToArray(), Retention.Kept);
    }

    /// <summary>Describes the box itself. Its sensors say that they are reached by it, and Home Assistant would make a device without a name of a box that it knows nothing of.</summary>
    public void AddBox()
    {
        Describe("", "binary_sensor", "connectivity", writer =>
        {
            writer.WriteString("name", "connectivity");
            writer.WriteString("state_topic", GatewayAvailability);
            writer.WriteString("payload_on", "online");
            writer.WriteString("payload_off", "offline");
            writer.WriteString("device_class", "connectivity");
            writer.WriteString("entity_category", "diagnostic");
            writer.WriteStartObject("device");
            writer.WriteStartArray("identifiers");
            writer.WriteStringValue(Node);
            writer.WriteEndArray();
            writer.WriteString("name", $"Kuzzle.Edge {options.GatewayId}");
            writer.WriteString("manufacturer", "Kuzzle.Edge");
            writer.WriteString("model", "gateway");
            if (options.Version.Length > 0) writer.WriteString("sw_version", options.Version);
            writer.WriteEndObject();
            WriteOrigin(writer);
        });
        _described.Clear();
    }

    /// <summary>Describes a sensor: one description for each channel and alarm, in place of those before. To be called for one sensor at a time.</summary>
    public void Add(SensorOptions sensor, IReadOnlyList<ChannelState> channels)
    {
        var before = _known.Where(known => known.Value.Sensor == sensor.Name).Select(known => known.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var channel in channels)
        {
            var component = sensor.Source == SensorSourceKind.Pwm ? "number" : !IsSwitched(sensor) ? "sensor" : sensor.IsActuator ? "switch" : "binary_sensor";
            Describe(sensor.Name, component, Measure(sensor, channel), writer => WriteValue(writer, sensor, channel));
            foreach (var alarm in sensor.For(channel.Name).Alarms) Describe(sensor.Name, "binary_sensor", $"{Measure(sensor, channel)}_{Identifier(alarm.Name)}", writer => WriteAlarm(writer, sensor, channel, alarm));
        }

        before.ExceptWith(_described);
        _described.Clear();
        foreach (var topic in before) Withdraw(topic); // What a definition before this one had.
        LogKnown(logger, sensor.Name);
    }

    /// <summary>Takes the descriptions of a sensor away.</summary>
    public void Remove(SensorOptions sensor)
    {
        foreach (var (topic, _) in _known.Where(known => known.Value.Sensor == sensor.Name)) Withdraw(topic);

        _available.TryRemove(sensor.Name, out _);
        topics.Publish(AvailabilityOf(sensor), default, Retention.Kept);
    }

    /// <summary>Tells whether a sensor answers, when that has changed.</summary>
    public void Tell(SensorOptions sensor, bool isAvailable)
    {
        if (_available.TryGetValue(sensor.Name, out var before) && before == isAvailable) return;

        _available[sensor.Name] = isAvailable;
        topics.Publish(AvailabilityOf(sensor), isAvailable ? "online"u8.ToArray() : "offline"u8.ToArray(), Retention.Kept);
    }

    private void Withdraw(string topic)
    {
        if (_known.TryRemove(topic, out _)) topics.Publish(topic, default, Retention.Kept);
    }

    private static bool IsSwitched(SensorOptions sensor) => sensor is { Source: SensorSourceKind.Gpio, Gpio.Mode: GpioMode.Input or GpioMode.Output };

    /// <summary>Home Assistant allows letters, digits, - and _ only.</summary>
    private static string Identifier(string name) =>
        string.Create(name.Length, name, static (span, text) =>
        {
            for (var i = 0; i < text.Length; i++) span[i] = char.IsAsciiLetterOrDigit(text[i]) || text[i] == '-' ? text[i] : '_';
        });

    private static string Measure(SensorOptions sensor, ChannelState channel) => $"{Identifier(sensor.Name)}_{Identifier(channel.Name ?? (channel.Kind.Length > 0 ? channel.Kind : "value"))}";

    private string AvailabilityOf(SensorOptions sensor) => $"{options.BaseTopic}/{sensor.Name}/availability";

    private void Describe(string sensor, string component, string name, Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(output, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("unique_id", $"{Node}_{name}");
            write(writer);
            writer.WriteEndObject();
        }

        var topic = $"{options.Prefix}/{component}/{Node}/{name}/config";
        _described.Add(topic);
        _known[topic] = (sensor, output.WrittenMemory);
        topics.Publish(topic, output.WrittenMemory, Retention.Kept);
    }

    private void WriteValue(Utf8JsonWriter writer, SensorOptions sensor, ChannelState channel)
    {
        var topic = channel.Name is null ? TopicOf(sensor) : $"{TopicOf(sensor)}/{channel.Name}";
        writer.WriteString("name", channel.Name ?? (channel.Kind.Length > 0 ? channel.Kind : sensor.Name));
        writer.WriteString("state_topic", topic);
        writer.WriteString("json_attributes_topic", topic);
        if (IsSwitched(sensor))
        {
            writer.WriteString("value_template", "{{ 'ON' if value_json.value == 1 else 'OFF' }}");
            writer.WriteString("payload_on", "ON");
            writer.WriteString("payload_off", "OFF");
        }
        else
        {
            writer.WriteString("value_template", "{{ value_json.value }}");
            if (channel.Unit.Length > 0) writer.WriteString("unit_of_measurement", channel.Unit);
            if (!sensor.IsActuator && DeviceClasses.Of(channel.Kind) is { } deviceClass) writer.WriteString("device_class", deviceClass);
            if (!sensor.IsActuator) writer.WriteString("state_class", channel.Kind is "count" or "energy" ? "total_increasing" : "measurement");
            if (ExpiryOf(sensor) is { } seconds) writer.WriteNumber("expire_after", seconds);
        }

        if (sensor.IsActuator)
        {
            writer.WriteString("command_topic", CommandTopicOf(sensor));
            writer.WriteBoolean("optimistic", value: false);
            if (sensor.Source == SensorSourceKind.Pwm)
            {
                writer.WriteNumber("min", 0);
                writer.WriteNumber("max", 100);
            }
        }

        WriteSurroundings(writer, sensor);
    }

    private void WriteAlarm(Utf8JsonWriter writer, SensorOptions sensor, ChannelState channel, AlarmOptions alarm)
    {
        writer.WriteString("name", channel.Name is null ? alarm.Name : $"{channel.Name} {alarm.Name}");
        writer.WriteString("state_topic", $"{TopicOf(sensor)}{(channel.Name is { } name ? $"/{name}" : "")}/alarms/{alarm.Name}");
        writer.WriteString("value_template", "{{ 'ON' if value_json.state == 'raised' else 'OFF' }}");
        writer.WriteString("payload_on", "ON");
        writer.WriteString("payload_off", "OFF");
        writer.WriteString("device_class", "problem");
        WriteSurroundings(writer, sensor);
    }

    private void WriteSurroundings(Utf8JsonWriter writer, SensorOptions sensor)
    {
        writer.WriteStartArray("availability");
        foreach (var topic in (string[])[GatewayAvailability, AvailabilityOf(sensor)])
        {
            writer.WriteStartObject();
            writer.WriteString("topic", topic);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("availability_mode", "all");
        writer.WriteStartObject("device");
        writer.WriteStartArray("identifiers");
        writer.WriteStringValue($"{Node}_{Identifier(sensor.Name)}");
        writer.WriteEndArray();
        writer.WriteString("name", sensor.Name);
        writer.WriteString("manufacturer", "Kuzzle.Edge");
        if (sensor.Chip is { } chip) writer.WriteString("model", chip);
        if (options.Version.Length > 0) writer.WriteString("sw_version", options.Version);
        writer.WriteString("via_device", Node);
        writer.WriteEndObject();
        WriteOrigin(writer);
    }

    private void WriteOrigin(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("origin");
        writer.WriteString("name", "Kuzzle.Edge");
        if (options.Version.Length > 0) writer.WriteString("sw_version", options.Version);
        writer.WriteEndObject();
    }

    /// <summary>After three readings that did not come, Home Assistant shows none. Null where a value may rightly stay unsaid for ever.</summary>
    private static int? ExpiryOf(SensorOptions sensor)
    {
        var reading = sensor.Interval * sensor.Samples;
        var longest = sensor.MaxInterval > TimeSpan.Zero ? sensor.MaxInterval + reading
            : sensor.DeadBand > 0 || sensor.Channels.Any(channel => channel.DeadBand > 0) || sensor.IsActuator ? (TimeSpan?)null
            : reading > sensor.MinInterval ? reading
            : sensor.MinInterval;
        return longest is { } time ? Math.Max(1, (int)Math.Ceiling(time.TotalSeconds * 3)) : null;
    }

    /// <summary>What an earlier run has said of a sensor that is no more.</summary>
    private ValueTask ForgetUnknownAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (!payload.IsEmpty && !_known.ContainsKey(topic)) topics.Publish(topic, default, Retention.Kept);
        return ValueTask.CompletedTask;
    }

    /// <summary>A Home Assistant has started: some of its installations want everything said again.</summary>
    private ValueTask RepeatAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (!payload.Span.SequenceEqual("online"u8)) return ValueTask.CompletedTask;

        foreach (var (known, told) in _known) topics.Publish(known, told.Description, Retention.Kept);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Home Assistant is told of {Sensor}")]
    private static partial void LogKnown(ILogger logger, string sensor);
}
