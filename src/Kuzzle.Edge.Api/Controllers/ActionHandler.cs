using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Controllers;

/// <summary>Carries out one action. What is wrong with a request is its result; exceptions are for broken promises.</summary>
/// <param name="request">The request; who sent it may ask for it.</param>
/// <param name="cancellationToken">Nobody waits for the answer any more.</param>
public delegate ValueTask<ApiResult> ActionHandler(ApiRequest request, CancellationToken cancellationToken);
