using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>Why a search that was understood cannot be answered.</summary>
internal static class SearchFaults
{
    /// <summary>The hits of one page have too many bytes. The limit that Kuzzle has for their number, here for their size.</summary>
    public static ApiError TooLarge(long bytes) => new(
        "services.storage.get_limit_exceeded",
        0x01010003,
        413,
        $"The documents of this page have more than {bytes} bytes. Ask for fewer at a time.",
        []);

    /// <summary>It would have kept others waiting.</summary>
    public static ApiError TooSlow() => StorageErrors.UnexpectedError("the search took too long and was given up");
}
