using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Imports;

/// <summary>What can be wrong with a body that is imported while it comes.</summary>
internal static class ImportErrors
{
    /// <summary>It is no JSON, or not that of an import.</summary>
    public static ApiError Unreadable(string reason) =>
        new("network.http.body_parse_failed", (3 << 24) | (1 << 16) | 12, 400, $"The body is not a usable JSON request: {reason}.", [reason]);

    /// <summary>One line is too long to be kept in memory.</summary>
    public static ApiError LineTooLarge(int maxBytes) =>
        new("network.http.request_too_large", (3 << 24) | (1 << 16) | 1, 413, $"A line of bulkData has more than {maxBytes} bytes.", []);

    /// <summary>The results are too many for one answer.</summary>
    public static ApiError AnswerTooLarge(int maxBytes) =>
        new("network.http.request_too_large", (3 << 24) | (1 << 16) | 1, 413, $"The results have more than {maxBytes} bytes: import what is left with another request.", []);
}
