using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;

namespace Kuzzle.Edge.Api.Requests;

/// <summary>What an action answers: a result, an error, or (rarely) both.</summary>
public sealed class ApiResult
{
    private ApiResult(JsonNode? result, ApiError? error)
    {
        Result = result;
        Error = error;
    }

    /// <summary>The result; null when there is none.</summary>
    public JsonNode? Result { get; }

    /// <summary>The error; null when there is none.</summary>
    public ApiError? Error { get; }

    /// <summary>200, or the error's status.</summary>
    public int Status => Error?.Status ?? 200;

    /// <summary>What the request used that it should not; null when there is nothing.</summary>
    public Deprecation? Deprecation { get; private init; }

    /// <summary>The result as HTTP sends it, in place of the answer object; null when the answer object is all.</summary>
    public ResultContent? Content { get; private init; }

    /// <summary>It was done, and over HTTP the response is a file.</summary>
    /// <param name="result">For protocols whose answers are objects.</param>
    /// <param name="content">For HTTP.</param>
    public static ApiResult File(JsonNode? result, ResultContent content) => new(result, error: null) { Content = content };

    /// <summary>It was done.</summary>
    public static ApiResult Ok(JsonNode? result) => new(result, error: null);

    /// <summary>It was done, in a way that should not be used any more.</summary>
    public static ApiResult Ok(JsonNode? result, Deprecation? deprecation) => new(result, error: null) { Deprecation = deprecation };

    /// <summary>It was not done.</summary>
    public static ApiResult Fail(ApiError error) => new(result: null, error);

    /// <summary>It was done, and still something is wrong.</summary>
    public static ApiResult Mixed(JsonNode? result, ApiError error) => new(result, error);

    /// <summary>It was not done.</summary>
    public static implicit operator ApiResult(ApiError error) => Fail(error);
}
