using Kuzzle.Edge.Api.Routes;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>The route of a request.</summary>
/// <param name="Action">The action it leads to.</param>
/// <param name="Route">Which of the action's routes.</param>
/// <param name="Values">The values of the route's path arguments, decoded, in their order.</param>
internal sealed record RouteMatch(ApiAction Action, HttpRoute Route, IReadOnlyList<string> Values);
