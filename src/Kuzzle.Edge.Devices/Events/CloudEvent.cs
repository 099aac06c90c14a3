using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Events;

/// <summary>A stored event as CloudEvents 1.0 writes it in JSON (structured mode), with the attributes of a Drogue cloud.</summary>
internal static class CloudEvent
{
    /// <summary>The media type of one event.</summary>
    public const string ContentType = "application/cloudevents+json; charset=utf-8";

    private const int LongestName = 20;

    /// <summary>Attributes of an event that are named alike in both.</summary>
    private static readonly string[] Same =
        ["id", "type", "datacontenttype", "dataschema", "application", "applicationuid", "device", "deviceuid", "sender", "senderuid", "instance"];

    /// <summary>The event that a document is, or null when it is none.</summary>
    public static JsonObject? Of(JsonElement source)
    {
        if (Text(source, "type") is null || Text(source, "id") is null || Text(source, "channel") is not { } channel || Text(source, "application") is not { } application) return null;
        if (!source.TryGetProperty("time", out var time) || time.ValueKind != JsonValueKind.Number || !time.TryGetInt64(out var milliseconds)) return null;

        var told = new JsonObject
        {
            ["specversion"] = "1.0",
            ["source"] = $"drogue://{Uri.EscapeDataString(application)}/{Uri.EscapeDataString(Text(source, "device") ?? "")}",
            ["subject"] = channel,
            ["time"] = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["partitionkey"] = $"{Uri.EscapeDataString(application)}/{Uri.EscapeDataString(Text(source, "sender") ?? "")}",
        };
        foreach (var name in Same)
        {
            if (Text(source, name) is { } value) told[name] = value;
        }

        foreach (var name in (ReadOnlySpan<string>)["data", "data_base64"])
        {
            if (source.TryGetProperty(name, out var data)) told[name] = DocumentBytes.NodeOf(data);
        }

        AddExtensions(told, source);
        return told;
    }

    /// <summary>What senders have added, as far as CloudEvents allows such a name: others would make the whole event one that no library reads.</summary>
    private static void AddExtensions(JsonObject told, JsonElement source)
    {
        if (!source.TryGetProperty("ext", out var extensions) || extensions.ValueKind != JsonValueKind.Object) return;

        foreach (var extension in extensions.EnumerateObject())
        {
            var isName = extension.Name.Length is > 0 and <= LongestName && extension.Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter));
            if (!isName || told.ContainsKey(extension.Name) || extension.Name == "data") continue;

            // A name that was said more than once is a list here, and an attribute there is one text: the last one.
            var value = extension.Value.ValueKind == JsonValueKind.Array ? extension.Value.EnumerateArray().LastOrDefault() : extension.Value;
            if (value.ValueKind == JsonValueKind.String) told[extension.Name] = value.GetString();
        }
    }

    private static string? Text(JsonElement source, string name) =>
        source.ValueKind == JsonValueKind.Object && source.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
