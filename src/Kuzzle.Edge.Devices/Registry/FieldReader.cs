using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>Reads the fields of one document. The first that is wrong is what it is refused for; what was read is of use only when there is none.</summary>
internal sealed class FieldReader
{
    /// <summary>Why the document is refused, or null.</summary>
    public ApiError? Fault { get; private set; }

    /// <summary>Refuses it for a field.</summary>
    /// <param name="path">The field.</param>
    /// <param name="why">What would be right, to follow the path.</param>
    public void Refuse(string path, string why) => Fault ??= DeviceErrors.InvalidField(path, why);

    public void Refuse(ApiError? fault) => Fault ??= fault;

    public JsonObject? Object(JsonObject? parent, string name, string path)
    {
        if (parent?[name] is not { } node) return null;
        if (node is JsonObject found) return found;

        Refuse(path, "must be an object");
        return null;
    }

    public JsonArray? List(JsonObject? parent, string name, string path, int most)
    {
        if (parent?[name] is not { } node) return null;
        if (node is not JsonArray found) Refuse(path, "must be a list");
        else if (found.Count > most) Refuse(path, string.Create(CultureInfo.InvariantCulture, $"must have at most {most} entries"));
        else return found;
        return null;
    }

    public string? Text(JsonNode? node, string path)
    {
        if (node is null) return null;
        if (node.GetValueKind() == JsonValueKind.String) return node.GetValue<string>();

        Refuse(path, "must be a text");
        return null;
    }

    public string? Text(JsonObject? parent, string name, string path) => Text(parent?[name], path);

    public bool? Flag(JsonObject? parent, string name, string path)
    {
        if (parent?[name] is not { } node) return null;
        if (node.GetValueKind() is JsonValueKind.True or JsonValueKind.False) return node.GetValueKind() == JsonValueKind.True;

        Refuse(path, "must be true or false");
        return null;
    }

    public long? Integer(JsonObject? parent, string name, string path, long min, long max)
    {
        if (parent?[name] is not { } node) return null;
        if (node.GetValueKind() == JsonValueKind.Number && JsonElement.Parse(node.ToJsonString()).TryGetInt64(out var value) && value >= min && value <= max) return value;

        Refuse(path, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}"));
        return null;
    }

    public DateTimeOffset? Time(JsonObject? parent, string name, string path)
    {
        if (Text(parent, name, path) is not { } text) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)) return time;

        Refuse(path, "must be a time as RFC 3339 writes it");
        return null;
    }

    /// <summary>Texts by name.</summary>
    public void Texts(JsonObject? parent, string name, string path)
    {
        foreach (var (key, value) in Object(parent, name, path) ?? []) Text(value, $"{path}.{key}");
    }

    /// <summary>Refuses members that mean nothing.</summary>
    public void Only(JsonObject? parent, string path, params ReadOnlySpan<string> names)
    {
        foreach (var (name, _) in parent ?? [])
        {
            if (!names.Contains(name)) Refuse(path.Length == 0 ? name : $"{path}.{name}", $"is not known here; known are {string.Join(", ", names!)}");
        }
    }
}
