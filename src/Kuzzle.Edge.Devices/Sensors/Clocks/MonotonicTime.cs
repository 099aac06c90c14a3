using System.Text.Json;

namespace Kuzzle.Edge.Devices.Sensors.Clocks;

/// <summary>A moment before anybody knew the time of day; with the start of the machine it belongs to, it can be told later.</summary>
/// <param name="Milliseconds">Since the start of the machine.</param>
/// <param name="BootId">Which start: another one for each.</param>
internal sealed record MonotonicTime(long Milliseconds, string BootId)
{
    /// <summary>Writes <c>"clock":{"synced":false,"mono":…,"boot":…}</c> into an object.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("clock");
        writer.WriteBoolean("synced", value: false);
        writer.WriteNumber("mono", Milliseconds);
        writer.WriteString("boot", BootId);
        writer.WriteEndObject();
    }
}
