using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>Ends the reading of a search at its first fault, from whatever depth; caught once, where the search is planned, and answered as a value.</summary>
internal sealed class SearchRefusedException(ApiError refusal) : Exception(refusal.Message)
{
    public ApiError Refusal { get; } = refusal;

    public static SearchRefusedException UnknownKeyword(string keyword) => new(StorageErrors.UnknownQueryKeyword(keyword));

    public static SearchRefusedException BadRequest(string reason) => new(StorageErrors.UnexpectedBadRequest(reason));
}
