using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Security.Tokens;

namespace Kuzzle.Edge.Api.Requests;

/// <summary>One request, whatever protocol it came by. Immutable.</summary>
public sealed partial record ApiRequest
{
    private ApiRequest(string controller, string action, ClientConnection connection, Caller caller, long timestamp)
    {
        Controller = controller;
        Action = action;
        Connection = connection;
        Caller = caller;
        Timestamp = timestamp;
    }

    /// <summary>The client's own name for the request, or a fresh UUID; echoed in the answer.</summary>
    public string RequestId { get; init; } = Guid.NewGuid().ToString();

    /// <summary>The controller; empty when the client named none.</summary>
    public string Controller { get; }

    /// <summary>The action; empty when the client named none.</summary>
    public string Action { get; }

    /// <summary>Where it came from.</summary>
    public ClientConnection Connection { get; }

    /// <summary>On whose behalf it runs: who sent it, until the funnel has looked at its token.</summary>
    public Caller Caller { get; internal init; }

    /// <summary>The token that says so, found by the funnel; null for anonymous clients and for this process.</summary>
    internal Token? Token { get; init; }

    /// <summary>When it arrived, in milliseconds since 1970.</summary>
    public long Timestamp { get; }

    /// <summary>The target index as text, or null.</summary>
    public string? Index { get; init; }

    /// <summary>The target collection as text, or null.</summary>
    public string? Collection { get; init; }

    /// <summary>The target document, or null. Undefined text stays in <see cref="Arguments"/>.</summary>
    public string? Id { get; init; }

    /// <summary>The token or API key, or null.</summary>
    public string? Jwt { get; init; }

    /// <summary>The body: an object or an array; Undefined when there is none.</summary>
    public JsonElement Body { get; init; }

    /// <summary>
    /// A body that is still to be read, in place of <see cref="Body"/>: the JSON of the whole body. Only <c>bulk:import</c> reads it. It fails with <see cref="BodyException"/>, and
    /// whoever made it completes it.
    /// </summary>
    public PipeReader? BodyReader { get; init; }

    /// <summary>The client's free metadata: an object; Undefined when there is none.</summary>
    public JsonElement Volatile { get; init; }

    /// <summary>The whole request object, for the arguments of actions; Undefined when the request was made in this process without any.</summary>
    public JsonElement Arguments { get; init; }

    /// <summary>Makes a request in this process.</summary>
    public static ApiRequest Create(string controller, string action, ClientConnection connection, Caller caller, TimeProvider clock) =>
        new(controller, action, connection, caller, clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Reads a request as clients send it.</summary>
    /// <param name="utf8Json">The payload; must not change as long as the request is used.</param>
    /// <param name="request">The request, anonymous unless its token says otherwise later.</param>
    /// <param name="fault">Why the payload is none; to be answered under a fresh requestId.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> utf8Json,
        ClientConnection connection,
        TimeProvider clock,
        [NotNullWhen(true)] out ApiRequest? request,
        [NotNullWhen(false)] out ApiError? fault)
    {
        request = null;
        if (!JsonEntrance.TryParse(utf8Json, out var json, out var reason) || !TryFindFault(json, out reason))
        {
            fault = CoreErrors.UnusablePayload(reason);
            return false;
        }

        var requestId = TextOf(json, "requestId");
        request = new ApiRequest(
            TextOf(json, "controller") ?? "", TextOf(json, "action") ?? "", connection, Caller.Anonymous, clock.GetUtcNow().ToUnixTimeMilliseconds())
        {
            RequestId = string.IsNullOrEmpty(requestId) ? Guid.NewGuid().ToString() : requestId,
            Jwt = TextOf(json, "jwt"),
            Index = AnyTextOf(json, "index"),
            Collection = AnyTextOf(json, "collection"),
            Id = TextOf(json, "_id"),
            Body = ObjectOf(json, "body"),
            Volatile = ObjectOf(json, "volatile"),
            Arguments = json,
        };
        fault = null;
        return true;
    }

    /// <summary>What the answer shows as <paramref name="name"/> (index or collection): what the client sent, whatever its type.</summary>
    internal JsonNode? Echo(string name, string? text)
    {
        if (Arguments.ValueKind != JsonValueKind.Object || !Arguments.TryGetProperty(name, out var sent)) return text;
        return sent.ValueKind == JsonValueKind.String ? text : DocumentAnswers.NodeOf(sent);
    }

    private static bool TryFindFault(JsonElement json, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            reason = "A request is a JSON object.";
            return false;
        }

        foreach (var name in (ReadOnlySpan<string>)["requestId", "controller", "action", "jwt"])
        {
            if (json.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            {
                reason = $"\"{name}\" must be a string.";
                return false;
            }
        }

        if (json.TryGetProperty("volatile", out var metadata) && metadata.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            reason = "\"volatile\" must be an object.";
            return false;
        }

        if (json.TryGetProperty("body", out var body) && body.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null))
        {
            reason = "\"body\" must be an object or an array.";
            return false;
        }

        return true;
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Names of indexes and collections are not type-checked: 5 is used as "5".
    private static string? AnyTextOf(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
    }

    private static JsonElement ObjectOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is (JsonValueKind.Object or JsonValueKind.Array) ? value : default;
}
