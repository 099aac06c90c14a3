using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Requests;

/// <summary>A body that is read while its action runs comes to an end that is none: it is too large, is not what it says it is, or its client has left.</summary>
public sealed class BodyException(ApiError error, Exception? innerException = null) : Exception(error.Message, innerException)
{
    /// <summary>What the client is told.</summary>
    public ApiError Error { get; } = error;
}
