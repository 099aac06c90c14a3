using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>One value of one sensor, as it is published.</summary>
/// <param name="Device">The device that tells it.</param>
/// <param name="Kind">What was measured.</param>
/// <param name="Value">The value.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="At">When it was measured.</param>
/// <param name="IsSimulated">Whether it is made up.</param>
internal sealed record Reading(string Device, string Kind, double Value, string Unit, DateTimeOffset At, bool IsSimulated)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A name of its own: storing the same reading twice is storing it once.</summary>
    public string Id => $"{Device}-{At.ToUnixTimeMilliseconds()}";

    /// <summary><c>{device, kind, value, unit, at, quality}</c>, with the time in milliseconds since 1970.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var output = new ArrayBufferWriter<byte>(160);
        using (var writer = new Utf8JsonWriter(output, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("device", Device);
            writer.WriteString("kind", Kind);
            writer.WriteNumber("value", Value);
            writer.WriteString("unit", Unit);
            writer.WriteNumber("at", At.ToUnixTimeMilliseconds());
            writer.WriteString("quality", IsSimulated ? "simulated" : "good");
            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
