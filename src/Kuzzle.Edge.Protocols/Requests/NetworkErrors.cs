using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Protocols.Requests;

/// <summary>The errors of Kuzzle's <c>network</c> domain (3): what can be wrong with a request before any controller sees it.</summary>
internal static class NetworkErrors
{
    private const int Http = 1;
    private const int Mqtt = 2;
    private const int WebSocket = 3;
    private const int EntryPoint = 4;

    /// <summary>The one entry of the catalogue for <c>server.maxRequestSize</c>, whatever the protocol.</summary>
    public static ApiError RequestTooLarge(long maxRequestBytes) =>
        Error("network.http.request_too_large", Http, 1, 413, $"The request is larger than server.maxRequestSize, {maxRequestBytes} bytes.");

    public static ApiError TooManyEncodings(int maxLayers) =>
        Error("network.http.too_many_encodings", Http, 3, 400, $"The body is encoded too many times; at most {maxLayers} encodings are undone.");

    public static ApiError UnsupportedCompression(string algorithm) =>
        Error("network.http.unsupported_compression", Http, 4, 400, $"Unknown content encoding \"{algorithm}\": use br, gzip, deflate or identity.", algorithm);

    public static ApiError UnsupportedVerb(string verb) =>
        Error("network.http.unsupported_verb", Http, 6, 400, $"The HTTP method \"{verb}\" is not supported.", verb);

    public static ApiError UrlNotFound(string url) =>
        Error("network.http.url_not_found", Http, 7, 404, $"No route for \"{url}\".", url);

    public static ApiError UnsupportedContent(string contentType) =>
        Error("network.http.unsupported_content", Http, 8, 400, $"The content type \"{contentType}\" is not supported: use application/json.", contentType);

    public static ApiError UnsupportedCharset(string charset) =>
        Error("network.http.unsupported_charset", Http, 9, 400, $"The charset \"{charset}\" is not supported: use utf-8.", charset);

    public static ApiError VolatileParseFailed(string reason) =>
        Error("network.http.volatile_parse_failed", Http, 11, 400, $"The header X-Kuzzle-Volatile is not usable: {reason}.", reason);

    public static ApiError BodyParseFailed(string reason) =>
        Error("network.http.body_parse_failed", Http, 12, 400, $"The body is not a usable JSON request: {reason}", reason);

    public static ApiError UnusableMqttPayload(string reason) =>
        Error("network.mqtt.unexpected_error", Mqtt, 1, 400, $"The payload is not a usable request: {reason}", reason);

    public static ApiError UnusableWebSocketMessage(string reason) =>
        Error("network.websocket.unexpected_error", WebSocket, 1, 400, $"The message is not a usable request: {reason}", reason);

    public static ApiError RateLimitExceeded(int messagesPerSecond) =>
        Error("network.websocket.ratelimit_exceeded", WebSocket, 2, 429, $"Too many messages on this connection: at most {messagesPerSecond} a second.");

    public static ApiError ShuttingDown() =>
        Error("network.entrypoint.shutting_down", EntryPoint, 3, 503, "The gateway is shutting down: try again when it is back.");

    public static ApiError UnauthorizedOrigin(string origin) =>
        new("api.process.unauthorized_origin", (2 << 24) | (2 << 16) | 12, 401, $"Pages of the origin \"{origin}\" may not use this gateway.", [origin]);

    public static ApiError Overloaded() =>
        new("api.process.overloaded", (2 << 24) | (2 << 16) | 2, 503, "Too many requests are waiting: try again later.", []);

    public static ApiError ConnectionDropped() =>
        new("api.process.connection_dropped", (2 << 24) | (2 << 16) | 3, 400, "The client has left before its request ran.", []);

    /// <summary>What went wrong is in the log; it may hold more than the client should know.</summary>
    public static ApiError Unexpected() =>
        new("core.fatal.unexpected_error", 1, 500, "The request failed for a reason inside the gateway; its log has it.", []);

    private static ApiError Error(string id, int subdomain, int number, int status, string message, params string[] props) =>
        new(id, (3 << 24) | (subdomain << 16) | number, status, message, props);
}
