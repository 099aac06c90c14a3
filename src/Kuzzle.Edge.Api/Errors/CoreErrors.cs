namespace Kuzzle.Edge.Api.Errors;

/// <summary>Errors that are nobody's request's fault: domain <c>core</c>, subdomain <c>fatal</c>; and payloads that are no request.</summary>
public static class CoreErrors
{
    /// <summary>A fault of ours. The detail is for people; what happened is in the log.</summary>
    public static ApiError Unexpected(string detail) => new("core.fatal.unexpected_error", 1, 500, $"Something unexpected happened: {detail}", [detail]);

    /// <summary>A service that must answer does not.</summary>
    public static ApiError ServiceUnavailable(string detail) => new("core.fatal.service_unavailable", 2, 500, $"A service does not answer: {detail}", [detail]);

    /// <summary>A payload that is no request, as the MQTT protocol names it.</summary>
    public static ApiError UnusablePayload(string reason) => new("network.mqtt.unexpected_error", (3 << 24) | (2 << 16) | 1, 400, reason, [reason]);
}
