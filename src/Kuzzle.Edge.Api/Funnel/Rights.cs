using System.Collections.Frozen;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Funnel;

/// <summary>Who may do what. There are no users yet: there is the anonymous one, and there are the parts of this process.</summary>
internal sealed class Rights(FreshRights freshRights)
{
    /// <summary>What Kuzzle's restricted anonymous role may, and the way to the first administrator.</summary>
    private static readonly FrozenSet<string> Restricted = FrozenSet.Create(
        StringComparer.Ordinal,
        "auth:login",
        "auth:checkToken",
        "auth:getCurrentUser",
        "auth:getMyRights",
        "server:publicApi",
        "server:openapi",
        "security:createFirstAdmin");

    public ApiError? FindFault(ApiRequest request)
    {
        if (request.Caller.HasEveryRight) return null;

        // No token can be right: nobody was ever given one.
        if (!string.IsNullOrEmpty(request.Jwt)) return SecurityErrors.InvalidToken();
        if (freshRights == FreshRights.Open || Restricted.Contains($"{request.Controller}:{request.Action}")) return null;

        return SecurityErrors.Unauthorized(request.Controller, request.Action, request.Caller.Kuid!);
    }
}
