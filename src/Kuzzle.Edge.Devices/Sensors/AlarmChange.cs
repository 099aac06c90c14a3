using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kuzzle.Edge.Devices.Sensors.Clocks;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>An alarm that was raised or has ended.</summary>
/// <param name="Reading">The value that did it.</param>
/// <param name="Alarm">Which alarm.</param>
/// <param name="IsRaised">Raised, or ended.</param>
internal sealed record AlarmChange(Reading Reading, AlarmOptions Alarm, bool IsRaised)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>When it was by the clock that nobody sets; null when the time of day was known.</summary>
    public MonotonicTime? Monotonic => Reading.Monotonic;

    /// <summary>A name of its own.</summary>
    public string Id => string.Create(
        CultureInfo.InvariantCulture, $"{Reading.LastId}.{Alarm.Name}-{Reading.At.ToUnixTimeMilliseconds()}{(Reading.Sequence is { } number ? $"-{number}" : "")}");

    /// <summary>As it is published.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(output, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("device", Reading.Device);
            if (Reading.Channel is { } channel) writer.WriteString("channel", channel);
            writer.WriteString("alarm", Alarm.Name);
            writer.WriteString("state", IsRaised ? "raised" : "cleared");
            writer.WriteString("kind", Reading.Kind);
            writer.WriteNumber("value", Reading.Value);
            writer.WriteString("unit", Reading.Unit);
            if (Alarm.Above is { } above) writer.WriteNumber("above", above);
            if (Alarm.Below is { } below) writer.WriteNumber("below", below);
            writer.WriteString("quality", ReadingQualities.WordOf(Reading.Quality));
            writer.WriteNumber("timestamp", Reading.At.ToUnixTimeMilliseconds());
            Monotonic?.WriteTo(writer);
            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
