using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Testing.Transcripts;

/// <summary>
/// The tokens of the recording: it hides their texts, and leaves the administrator's out altogether, which was sent with every request once there was one. Remembers ours and puts
/// them where the recording's were.
/// </summary>
public sealed class RecordedTokens
{
    private readonly Dictionary<string, string> _issuedBy = new(StringComparer.Ordinal);

    /// <summary>How long the recording waited before a request, for a token to end.</summary>
    public static TimeSpan WaitBefore(Exchange exchange) =>
        exchange.Name is "old token after refresh grace 1s" or "expired token" ? TimeSpan.FromMilliseconds(1100) : TimeSpan.Zero;

    /// <summary>Puts our tokens into a request.</summary>
    public void Adapt(Exchange exchange, JsonObject request)
    {
        if (IsHidden(request["jwt"])) request["jwt"] = TokenFor(exchange.Name);
        else if (!request.ContainsKey("jwt") && IsAdministrators(exchange)) request["jwt"] = TokenFor(exchange.Name);

        if (request["body"] is JsonObject body && IsHidden(body["token"])) body["token"] = TokenFor(exchange.Name);
    }

    /// <summary>Remembers a token that we answered with.</summary>
    public void Learn(Exchange exchange, JsonObject answer)
    {
        if (answer["result"] is not JsonObject result) return;
        if ((result["jwt"] ?? result["token"] ?? result["_source"]?["token"]) is JsonValue token) _issuedBy[exchange.Name] = (string)token!;
    }

    private static bool IsHidden(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var hidden) && hidden.StartsWith("<k", StringComparison.Ordinal);

    private bool IsAdministrators(Exchange exchange) =>
        _issuedBy.ContainsKey("login") && !exchange.Name.StartsWith("anon ", StringComparison.Ordinal) && (string?)exchange.Request["action"] != "login";

    private string? TokenFor(string name) => _issuedBy.GetValueOrDefault(name switch
    {
        "use api key" or "api key outside restriction" or "api key inside restriction unknown coll" or "api key forbidden ctl" or "api key checkToken" or "api key refreshToken"
            or "deleted api key" => "security:createApiKey",
        "auth:updateSelf" or "auth:updateSelf profileIds" or "auth:credentialsExist" or "auth:getMyCredentials" or "auth:createMyCredentials" or "auth:updateMyCredentials"
            or "auth:validateMyCredentials" or "auth:refreshToken" or "old token after refresh grace 1s" => "login dev1",
        "subscribe as dev1" => "login dev1 1s",
        "expired token" => "login dev1 1s #2",
        "single use 1" or "single use 2" => "createToken",
        _ => "login",
    });
}
