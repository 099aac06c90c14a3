using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Security.Rights;

/// <summary>The part of the funnel where it is decided who asks, whether they may, and whether they ask too often.</summary>
/// <param name="isReachable">Whether a protocol can tell its connections something: others end with each request, and are not linked to tokens.</param>
internal sealed class RightsGate(KuzzleSecurity security, ApiLimits limits, TimeProvider clock, Func<string, bool> isReachable)
{
    private readonly RequestRate _requests = new(clock);
    private readonly RequestRate _logins = new(clock);

    /// <summary>The request on behalf of whom it is for, or why it is refused.</summary>
    public async ValueTask<(ApiRequest Request, ApiError? Fault)> AdmitAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (request.Caller.HasEveryRight)
        {
            if (request.Controller is "auth" or "security" or "admin") await security.OpenAsync(cancellationToken);
            return (request, null);
        }

        await security.OpenAsync(cancellationToken);
        var (identified, fault) = await IdentifyAsync(request);
        return (identified, fault ?? FindFault(identified));
    }

    /// <summary>Why a request may not do what it does to a collection that it does not name itself; or null.</summary>
    public ApiError? FindFault(ApiRequest request, CollectionName collection)
    {
        if (request.Caller.HasEveryRight || security.Book.Allows(request.Caller.Kuid!, request.Controller, request.Action, collection.Index, collection.Collection)) return null;
        return Denied(request);
    }

    private async ValueTask<(ApiRequest Request, ApiError? Fault)> IdentifyAsync(ApiRequest request)
    {
        var shown = string.IsNullOrEmpty(request.Jwt) ? request.Connection.Login : security.Sessions.Find(request.Jwt);
        if (shown is null) return (request, string.IsNullOrEmpty(request.Jwt) ? null : SecurityErrors.InvalidToken());
        if (!shown.IsInForceAt(security.Tokens.Now) || !security.Book.HasUser(shown.UserId)) return (request, SecurityErrors.InvalidToken());
        if (shown.IsSingleUse)
        {
            if (!await security.Sessions.TryUseUpAsync(shown)) return (request, SecurityErrors.InvalidToken());
        }
        else if (isReachable(request.Connection.Protocol) && !security.Tokens.TryLink(request.Connection, shown))
        {
            return (request, SecurityErrors.InvalidToken());
        }

        return (request with { Caller = new Caller(shown.UserId), Token = shown }, null);
    }

    private ApiError? FindFault(ApiRequest request)
    {
        var kuid = request.Caller.Kuid!;
        if (!IsAllowed(kuid, request)) return Denied(request);

        return (request.Controller, request.Action) switch
        {
            ("auth", "logout") => null, // Whoever asks too often shall at least be able to go.
            ("auth", "login") => _logins.TryCount(request.Connection.Id, limits.LoginsPerSecond) ? null : ProcessErrors.TooManyLogins(),
            _ => _requests.TryCount(kuid, security.Book.RateLimitOf(kuid)) ? null : ProcessErrors.TooManyRequests(),
        };
    }

    private static ApiError Denied(ApiRequest request) => request.Caller.Kuid == DefaultSecurity.AnonymousKuid
        ? SecurityErrors.Unauthorized(request.Controller, request.Action, request.Caller.Kuid)
        : SecurityErrors.Forbidden(request.Controller, request.Action, request.Caller.Kuid!);

    private bool IsAllowed(string kuid, ApiRequest request) =>
        security.Book.Allows(kuid, request)
        || (request is { Controller: "security", Action: "createFirstAdmin" } && kuid == DefaultSecurity.AnonymousKuid && !security.Book.AdminExists);
}
