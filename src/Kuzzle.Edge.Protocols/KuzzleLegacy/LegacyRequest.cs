using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>One request of the dialect. Immutable.</summary>
internal sealed record LegacyRequest
{
    public required LegacyTopic Topic { get; init; }

    /// <summary>The MQTT connection that it came by.</summary>
    public required ClientConnection Connection { get; init; }

    /// <summary>Where the answer goes; null when the client named nothing that could be a topic.</summary>
    public string? ClientId { get; init; }

    /// <summary>The client's own name for the request, for a subscription the room's; made up when it gave none.</summary>
    public required string RequestId { get; init; }

    /// <summary>Whether the client gave the name above.</summary>
    public bool HasRequestId { get; init; }

    /// <summary>False for a message that is not to be stored.</summary>
    public bool Persist { get; init; } = true;

    /// <summary>The document's identifier, or null.</summary>
    public string? Id { get; init; }

    /// <summary>An object or an array; Undefined when there is none.</summary>
    public JsonElement Body { get; init; }

    /// <summary>
    /// Reads a request. False with a fault when something in it has the wrong type: the fault is for <paramref name="clientId"/>, and for nobody if that is null.
    /// </summary>
    public static bool TryParse(
        string topic,
        ReadOnlyMemory<byte> json,
        ClientConnection connection,
        [NotNullWhen(true)] out LegacyRequest? request,
        out string? clientId,
        [NotNullWhen(false)] out string? fault)
    {
        request = null;
        clientId = null;
        if (!JsonEntrance.TryParse(json, out var payload, out fault)) return false;
        if (payload.ValueKind != JsonValueKind.Object)
        {
            fault = "A request is a JSON object.";
            return false;
        }

        fault = FindFault(payload);
        if (TextOf(payload, "clientId") is { } name && LegacyNames.IsUsable(name)) clientId = name;
        if (fault is not null) return false;

        var requestId = TextOf(payload, "requestId");
        var body = payload.TryGetProperty("body", out var given) && given.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? given : default;
        var id = TextOf(payload, "_id");
        if (id is null && body.ValueKind == JsonValueKind.Object && TextOf(body, "_id") is { } inside)
        {
            id = inside;
            body = Without(body, "_id");
        }

        request = new LegacyRequest
        {
            Topic = LegacyTopic.Parse(topic),
            Connection = connection,
            ClientId = clientId,
            RequestId = string.IsNullOrEmpty(requestId) ? Guid.NewGuid().ToString() : requestId,
            HasRequestId = !string.IsNullOrEmpty(requestId),
            Persist = !payload.TryGetProperty("persist", out var persist) || persist.ValueKind != JsonValueKind.False,
            Id = id,
            Body = body,
        };
        return true;
    }

    private static string? FindFault(JsonElement payload)
    {
        foreach (var name in (ReadOnlySpan<string>)["clientId", "requestId", "_id"])
        {
            if (payload.TryGetProperty(name, out var text) && text.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null))
            {
                return $"\"{name}\" must be a string.";
            }
        }

        if (payload.TryGetProperty("persist", out var persist) && persist.ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null))
        {
            return "\"persist\" must be true or false.";
        }

        return payload.TryGetProperty("body", out var body) && body.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
            ? "\"body\" must be an object or an array."
            : null;
    }

    /// <summary>Identifiers were not type-checked in 2015: 5 is used as "5".</summary>
    private static string? TextOf(JsonElement json, string name) => !json.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    private static JsonElement Without(JsonElement body, string name)
    {
        var rest = JsonObject.Create(body)!.DeepClone().AsObject();
        rest.Remove(name);
        return JsonElement.Parse(rest.ToJsonString());
    }
}
