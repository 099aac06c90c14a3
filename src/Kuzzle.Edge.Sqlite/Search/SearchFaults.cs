using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>Why a search cannot be done, as Kuzzle says it.</summary>
internal static class SearchFaults
{
    public static ApiError UnknownKeyword(string keyword) => new(
        "services.storage.unknown_query_keyword",
        0x0101002d,
        400,
        $"The keyword \"{keyword}\" is not part of Elasticsearch Query DSL. Are you trying to use a Koncorde query?",
        [keyword]);

    public static ApiError BadRequest(string reason) =>
        new("services.storage.unexpected_bad_request", 0x01010021, 400, $"Elasticsearch returned an unexpected bad request error: {reason}", [reason]);

    public static ApiError TooLarge(long bytes) => new(
        "services.storage.get_limit_exceeded",
        0x01010003,
        413,
        $"Search page size exceeds server configured documents limit: its documents have more than {bytes} bytes. Ask for fewer, or for a part of each.",
        []);

    public static ApiError TooSlow() => new(
        "services.storage.unexpected_error",
        0x01010023,
        500,
        "Elasticsearch returned an unexpected error: the search took too long and was given up",
        ["the search took too long and was given up"]);
}
