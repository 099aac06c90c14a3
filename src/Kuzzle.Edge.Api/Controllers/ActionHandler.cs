using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Controllers;

/// <summary>Carries out one action.</summary>
internal delegate ValueTask<ApiResult> ActionHandler(ApiRequest request, CancellationToken cancellationToken);
