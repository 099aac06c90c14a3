using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Commands;

/// <summary>A command as its document says. Immutable.</summary>
internal sealed record CommandDocument
{
    /// <summary>A month: whoever needs more wants a setting of the device, not a command.</summary>
    public const long MaxTtl = 31L * 24 * 60 * 60 * 1000;

    /// <summary>The field that says to whom it goes: <c>all</c> who listen, or the <c>first</c>.</summary>
    public const string Fanout = "fanout";

    private const string First = "first";
    private const int MaxNameBytes = 1024;

    public required string Id { get; init; }

    public required string Device { get; init; }

    public required string Command { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public string? ContentType { get; init; }

    /// <summary>How long it may wait, in milliseconds; 0: only for who is here now.</summary>
    public long Ttl { get; init; }

    public int Qos { get; init; }

    /// <summary>Whether one of those who listen is enough: the device itself, else the first of its gateways.</summary>
    public bool IsForFirst { get; init; }

    public required long CreatedAt { get; init; }

    /// <summary>Whether it was being sent already, by this process or one before.</summary>
    public bool WasDispatched { get; init; }

    /// <summary>When it ends; null when it does not wait.</summary>
    public long? ExpiresAt => Ttl > 0 ? CreatedAt + Ttl : null;

    /// <summary>The state of a document; one that was just made may not say it.</summary>
    public static string StateOf(JsonElement source) =>
        source.TryGetProperty("state", out var state) && state.ValueKind == JsonValueKind.String ? state.GetString()! : CommandState.Queued;

    /// <summary>Whether a document says that it is being sent, or was.</summary>
    public static bool IsDispatched(JsonElement source) => source.TryGetProperty("dispatchedAt", out var time) && time.ValueKind == JsonValueKind.Number;

    /// <summary>Reads a document; of use only when <paramref name="fields"/> has no fault afterwards.</summary>
    public static CommandDocument Read(string id, JsonElement source, long now, FieldReader fields)
    {
        var document = (JsonObject)DocumentBytes.NodeOf(source)!;
        var device = fields.Text(document, "device", "device");
        if (device is null || !RegistryNames.IsName(device)) fields.Refuse("device", RegistryNames.NameRule);
        var command = fields.Text(document, "command", "command");
        if (command is null || !IsCommand(command)) fields.Refuse("command", "must be text of 1 to 1024 bytes without +, # and U+0000");
        return new CommandDocument
        {
            Id = id,
            Device = device ?? "",
            Command = command ?? "",
            Payload = PayloadOf(document, fields),
            ContentType = fields.Text(document, "contentType", "contentType"),
            Ttl = fields.Integer(document, "ttl", "ttl", 0, MaxTtl) ?? 0,
            Qos = (int)(fields.Integer(document, "qos", "qos", 0, 1) ?? 0),
            IsForFirst = ReadFanout(fields.Text(document, Fanout, Fanout), fields),
            CreatedAt = fields.Integer(document, "createdAt", "createdAt", 0, long.MaxValue / 2) ?? now,
            WasDispatched = IsDispatched(source),
        };
    }

    /// <summary>The document of a new command.</summary>
    public JsonObject ToDocument(JsonNode? payload, string? correlation, string? author)
    {
        var document = new JsonObject { ["device"] = Device, ["command"] = Command, ["contentType"] = ContentType };
        if (payload is not null) document["payload"] = payload;
        else document["payload_base64"] = Convert.ToBase64String(Payload.Span);
        document["ttl"] = Ttl;
        document["qos"] = Qos;
        if (IsForFirst) document[Fanout] = First;
        if (correlation is not null) document["correlation"] = correlation;
        document["createdAt"] = CreatedAt;
        document["expiresAt"] = ExpiresAt;
        document["state"] = CommandState.Queued;
        document["_kuzzle_info"] = new JsonObject { ["author"] = author, ["createdAt"] = CreatedAt, ["updatedAt"] = null, ["updater"] = null };
        return document;
    }

    /// <summary>Why a JSON payload cannot go byte for byte into a document, or the value that can.</summary>
    public static JsonNode? AsJson(ReadOnlyMemory<byte> payload)
    {
        try
        {
            var node = JsonNode.Parse(payload.Span);
            return node is not null && node is not JsonValue && DocumentBytes.Of(node).Span.SequenceEqual(payload.Span) ? node : null;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException) // no JSON; or a name twice
        {
            return null;
        }
    }

    private static bool ReadFanout(string? text, FieldReader fields)
    {
        if (text is not (null or "all" or First)) fields.Refuse(Fanout, "must be all or first");
        return text == First;
    }

    private static bool IsCommand(string command) => command.Length > 0 && Encoding.UTF8.GetByteCount(command) <= MaxNameBytes && !command.AsSpan().ContainsAny("+#\0");

    /// <summary>A text goes as it is, any other JSON as JSON, base 64 as bytes, and nothing as nothing.</summary>
    private static ReadOnlyMemory<byte> PayloadOf(JsonObject document, FieldReader fields)
    {
        if (document["payload"] is not null && document["payload_base64"] is not null) fields.Refuse("payload_base64", "must be absent when there is a payload");
        if (document["payload"] is { } payload)
        {
            return payload.GetValueKind() == JsonValueKind.String ? Encoding.UTF8.GetBytes(payload.GetValue<string>()) : DocumentBytes.Of(payload);
        }

        if (fields.Text(document, "payload_base64", "payload_base64") is not { } text) return ReadOnlyMemory<byte>.Empty;

        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var length)) return bytes.AsMemory(0, length);

        fields.Refuse("payload_base64", "must be base 64");
        return ReadOnlyMemory<byte>.Empty;
    }
}
