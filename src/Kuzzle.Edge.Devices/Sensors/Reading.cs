using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kuzzle.Edge.Devices.Sensors.Clocks;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>One value of one sensor, as it is published.</summary>
/// <param name="Device">The device that tells it.</param>
/// <param name="Kind">What was measured.</param>
/// <param name="Value">The value.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Quality">How far it can be trusted.</param>
/// <param name="At">When it was measured.</param>
internal sealed record Reading(string Device, string Kind, double Value, string Unit, ReadingQuality Quality, DateTimeOffset At)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Which of several channels of the device; null when it has but one.</summary>
    public string? Channel { get; init; }

    /// <summary>The number of an edge on its line; null for what is not an edge. Two edges may fall into one millisecond.</summary>
    public long? Sequence { get; init; }

    /// <summary>When it was by the clock that nobody sets; null when the time of day was known.</summary>
    public MonotonicTime? Monotonic { get; init; }

    /// <summary>The samples it was made of, where they were captured; null where they were not.</summary>
    public SampleBlock? Block { get; init; }

    /// <summary>The name of the document that holds the last reading.</summary>
    public string LastId => Channel is null ? Device : $"{Device}.{Channel}";

    /// <summary>A name of its own: storing the same reading twice is storing it once.</summary>
    public string Id => Sequence is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"{LastId}-{At.ToUnixTimeMilliseconds()}-{number}")
        : string.Create(CultureInfo.InvariantCulture, $"{LastId}-{At.ToUnixTimeMilliseconds()}");

    /// <summary><c>{device, channel, kind, value, unit, quality, timestamp}</c>, with the time in milliseconds since 1970.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var output = new ArrayBufferWriter<byte>(192);
        using (var writer = new Utf8JsonWriter(output, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("device", Device);
            if (Channel is not null) writer.WriteString("channel", Channel);
            writer.WriteString("kind", Kind);
            writer.WriteNumber("value", Value);
            writer.WriteString("unit", Unit);
            writer.WriteString("quality", ReadingQualities.WordOf(Quality));
            writer.WriteNumber("timestamp", At.ToUnixTimeMilliseconds());
            if (Sequence is { } number) writer.WriteNumber("sequence", number);
            if (Block is not null) Write(writer, Block);
            Monotonic?.WriteTo(writer);
            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, SampleBlock block)
    {
        writer.WriteStartObject("block");
        writer.WriteNumber("count", block.Count);
        writer.WriteNumber("min", block.Min);
        writer.WriteNumber("max", block.Max);
        writer.WriteNumber("mean", block.Mean);
        writer.WriteNumber("rms", block.Rms);
        if (block.Duration is { } duration) writer.WriteNumber("duration", duration.TotalMilliseconds);
        if (block.Series.Count > 0)
        {
            writer.WriteStartArray("series");
            foreach (var value in block.Series) writer.WriteNumberValue(value);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
