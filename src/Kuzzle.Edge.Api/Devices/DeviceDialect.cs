using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Devices;

/// <summary>The grammar of the topics that a device publishes on: <c>spec.mqtt.dialect</c> of its document or of its application's.</summary>
public sealed record DeviceDialect
{
    private DeviceDialect(string type) => Type = type;

    /// <summary><c>channel</c>, or <c>channel/device</c> on behalf of another.</summary>
    public static DeviceDialect DrogueV1 { get; } = new("drogue/v1");

    /// <summary>The whole topic is the channel.</summary>
    public static DeviceDialect PlainTopic { get; } = new("plainTopic");

    /// <summary><c>device/channel…</c>; without a device before the first slash, the sender itself.</summary>
    public static DeviceDialect PrefixedPlainTopic { get; } = new("plainTopic") { HasDevicePrefix = true };

    /// <summary>Its name in documents.</summary>
    public string Type { get; }

    /// <summary>Whether a topic begins with the device whose data it is.</summary>
    public bool HasDevicePrefix { get; private init; }

    /// <summary>Reads <c>spec.mqtt</c> of a document.</summary>
    /// <param name="section">The section.</param>
    /// <param name="dialect">The dialect it names; null when it names none, and the next document counts.</param>
    /// <param name="fault">What is wrong with it, and what would be right.</param>
    /// <returns>False when it cannot be read; its device must not connect then.</returns>
    public static bool TryRead(JsonElement section, out DeviceDialect? dialect, [NotNullWhen(false)] out string? fault)
    {
        dialect = null;
        fault = null;
        if (section.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return true;

        if (section.ValueKind != JsonValueKind.Object)
        {
            fault = "spec.mqtt must be an object.";
            return false;
        }

        if (!section.TryGetProperty("dialect", out var value) || value.ValueKind == JsonValueKind.Null) return true;

        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            fault = "spec.mqtt.dialect must be an object with a type: drogue/v1 or plainTopic.";
            return false;
        }

        return type.GetString() switch
        {
            "drogue/v1" => Is(DrogueV1, out dialect),
            "plainTopic" => TryReadPlain(value, out dialect, out fault),
            _ => Fails("spec.mqtt.dialect.type must be drogue/v1 or plainTopic.", out fault),
        };
    }

    private static bool TryReadPlain(JsonElement value, out DeviceDialect? dialect, [NotNullWhen(false)] out string? fault)
    {
        dialect = PlainTopic;
        fault = null;
        if (!value.TryGetProperty("devicePrefix", out var prefix) || prefix.ValueKind is JsonValueKind.Null or JsonValueKind.False) return true;
        if (prefix.ValueKind == JsonValueKind.True) return Is(PrefixedPlainTopic, out dialect);

        dialect = null;
        return Fails("spec.mqtt.dialect.devicePrefix must be true or false.", out fault);
    }

    private static bool Is(DeviceDialect known, out DeviceDialect? dialect)
    {
        dialect = known;
        return true;
    }

    private static bool Fails(string text, out string? fault)
    {
        fault = text;
        return false;
    }
}
