using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>What the payload of a message is.</summary>
/// <param name="Type">The content type of the event's data.</param>
/// <param name="Json">The value, when it is JSON; null when it is bytes.</param>
internal sealed record EventContent(string Type, JsonElement? Json)
{
    private const string JsonType = "application/json";
    private const string BinaryType = "application/octet-stream";

    private static readonly EventContent Binary = new(BinaryType, Json: null);

    /// <summary>Looks at a payload.</summary>
    /// <param name="contentType">What the sender calls it, or null: then whatever can be read as JSON is JSON.</param>
    /// <param name="payload">The payload, which must not change as long as the content is used.</param>
    /// <param name="content">What it is.</param>
    /// <param name="fault">Why it is not what the sender calls it.</param>
    public static bool TryRead(string? contentType, ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out EventContent? content, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        if (contentType is not null && !IsJson(contentType))
        {
            content = new EventContent(contentType, Json: null);
            return true;
        }

        if (JsonEntrance.TryParse(payload, out var value, out fault))
        {
            content = new EventContent(JsonType, value);
            return true;
        }

        content = contentType is null ? Binary : null;
        if (content is not null) fault = null;
        return content is not null;
    }

    /// <summary>By its beginning or its end, as upstream; but names of media types have no case.</summary>
    private static bool IsJson(string contentType) =>
        contentType.StartsWith(JsonType, StringComparison.OrdinalIgnoreCase)
        || contentType.StartsWith("text/json", StringComparison.OrdinalIgnoreCase)
        || contentType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
}
