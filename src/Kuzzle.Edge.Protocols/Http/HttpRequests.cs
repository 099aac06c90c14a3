using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Routes;
using Kuzzle.Edge.Protocols.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>Answers HTTP requests: finds the route, makes an API request of it, and has it answered.</summary>
internal sealed class HttpRequests(HttpOptions options, CrossOrigin crossOrigin, Entrance entrance, InFlightGate allRequests)
{
    private static readonly RouteTable Routes = new(ApiActions.All.Where(action => !action.IsAlias));
    private static readonly RouteTable Aliases = new(ApiActions.All.Where(action => action.IsAlias));

    private readonly HttpBody _body = new(options.MaxRequestBytes);
    private readonly HttpImports _imports = new(options, entrance);
    private readonly HttpAnswers _answers = new(crossOrigin);
    private volatile bool _stopping;

    /// <summary>From now on new requests are refused.</summary>
    public void BeginStop() => _stopping = true;

    /// <summary>Answers one request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        // Every HTTP request is a connection of its own, as in Kuzzle.
        var connection = new ClientConnection("http", context.Connection.RemoteIpAddress?.ToString());
        entrance.Connect(connection);
        try
        {
            await _answers.WriteAsync(context, await RouteAsync(context, connection));
        }
        finally
        {
            entrance.Disconnect(connection);
        }
    }

    private async ValueTask<Answer> RouteAsync(HttpContext context, ClientConnection connection)
    {
        var request = context.Request;
        var requestId = request.Headers[HeaderArguments.RequestIdHeader].ToString() is { Length: > 0 } given ? given : connection.Id;
        if (!crossOrigin.Allows(request)) return entrance.Refuse(NetworkErrors.UnauthorizedOrigin(request.Headers.Origin.ToString()), requestId);

        switch (request.Method, request.Path.Value?.Trim('/') ?? "")
        {
            case ("OPTIONS", _):
            case ("HEAD", ""):
            case ("GET", "_healthcheck"):
                return entrance.Acknowledge(requestId);

            case ("GET", "_ready") when !_stopping:
                return entrance.Acknowledge(requestId);

            case (_, _) when _stopping:
                return entrance.Refuse(NetworkErrors.ShuttingDown(), requestId);

            case ("POST", "_query") when options.Enabled:
                return await ReadAndExecuteAsync(context, connection, requestId, match: null);

            case ("GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE", _):
                return options.Enabled && (Routes.Find(request.Method, PathOf(context)) ?? Aliases.Find(request.Method, PathOf(context))) is { } match
                    ? await ReadAndExecuteAsync(context, connection, requestId, match)
                    : entrance.Refuse(NetworkErrors.UrlNotFound(request.Path + request.QueryString), requestId);

            default:
                return entrance.Refuse(NetworkErrors.UnsupportedVerb(request.Method), requestId);
        }
    }

    /// <summary>
    /// With a route: the request that route, query string and body make. Without: <c>POST /_query</c>, whose body is a request as the other protocols send it, and whatever
    /// that says wins over the headers.
    /// </summary>
    private async ValueTask<Answer> ReadAndExecuteAsync(HttpContext context, ClientConnection connection, string requestId, RouteMatch? match)
    {
        if (!HeaderArguments.TryRead(context.Request.Headers, requestId, out var headers, out var unusable)) return Refuse(context, unusable, requestId);

        if (match is not null && HttpImports.Takes(match, context.Request, options.MaxRequestBytes))
        {
            var answer = await _imports.AnswerAsync(context, connection, match, headers);
            if (answer.Status != StatusCodes.Status200OK) context.Response.Headers.Connection = "close"; // as in Refuse
            return answer;
        }

        var isRaw = match is { Action.HasRawBody: true };
        var (body, refusal) = !CanHaveBody(context) ? default
            : isRaw ? await _body.ReadRawAsync(context.Request, context.RequestAborted)
            : await _body.ReadAsync(context.Request, context.RequestAborted);
        if (refusal is not null) return Refuse(context, refusal, requestId);

        if (!allRequests.TryEnter(body.Length)) return entrance.Refuse(NetworkErrors.Overloaded(), requestId);
        try
        {
            if (isRaw) return await ExecuteRawAsync(context, connection, match!, headers, body, requestId);
            return match is null ? await ExecuteAsync(context, connection, RequestDefaults.Add(body, headers), requestId)
                : JsonBody.FindFault(body.Span) is { } fault ? entrance.Refuse(NetworkErrors.BodyParseFailed(fault), requestId)
                : await ExecuteAsync(context, connection, RouteRequest.Compose(match, context.Request.QueryString.Value ?? "", headers, body), requestId);
        }
        finally
        {
            allRequests.Leave(body.Length);
        }
    }

    /// <summary>The body is no request but what one is about.</summary>
    private async ValueTask<Answer> ExecuteRawAsync(
        HttpContext context, ClientConnection connection, RouteMatch match, HeaderArguments headers, ReadOnlyMemory<byte> body, string requestId)
    {
        var json = RouteRequest.Compose(match, context.Request.QueryString.Value ?? "", headers, RawBody.Wrap(body, context.Request.ContentType));
        var answer = await ExecuteAsync(context, connection, json, requestId);
        return match.Action.IsAlias && answer.Status == StatusCodes.Status200OK ? answer with { Status = StatusCodes.Status202Accepted } : answer;
    }

    private async ValueTask<Answer> ExecuteAsync(HttpContext context, ClientConnection connection, ReadOnlyMemory<byte> json, string requestId) =>
        entrance.TryParse(json, connection, out var request, out var reason)
            ? await entrance.ExecuteAsync(request, context.RequestAborted)
            : entrance.Refuse(NetworkErrors.BodyParseFailed(reason), requestId);

    private Answer Refuse(HttpContext context, ApiError refusal, string requestId)
    {
        // The body was perhaps not read to its end, so the next request could not be found behind it.
        context.Response.Headers.Connection = "close";
        return entrance.Refuse(refusal, requestId);
    }

    private static bool CanHaveBody(HttpContext context) => context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;

    /// <summary>The path as it was sent: decoded, a slash inside a document's identifier could not be told from one between two segments.</summary>
    private static string PathOf(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!target.StartsWith('/')) return context.Request.Path.Value ?? "/"; // the form that proxies are asked in

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }
}
