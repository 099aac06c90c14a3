using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Protocols.Requests;
using Microsoft.AspNetCore.Http;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>Answers HTTP requests: finds the route, makes an API request of it, and gives the answer its status and headers.</summary>
internal sealed class HttpRequests(HttpOptions options, CrossOrigin crossOrigin, Entrance entrance, InFlightGate allRequests)
{
    private const string RequestIdHeader = "X-Kuzzle-Request-Id";
    private const string Bearer = "Bearer ";

    private static readonly byte[] ServerInfo = [.. """{"controller":"server","action":"info"}"""u8];

    private readonly HttpBody _body = new(options.MaxRequestBytes);
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
            await WriteAsync(context, await RouteAsync(context, connection));
        }
        finally
        {
            entrance.Disconnect(connection);
        }
    }

    private async ValueTask<Answer> RouteAsync(HttpContext context, ClientConnection connection)
    {
        var requestId = context.Request.Headers[RequestIdHeader].ToString() is { Length: > 0 } given ? given : connection.Id;
        var path = context.Request.Path.Value?.Trim('/') ?? "";

        if (!crossOrigin.Allows(context.Request)) return entrance.Refuse(NetworkErrors.UnauthorizedOrigin(context.Request.Headers.Origin.ToString()), requestId);

        switch (context.Request.Method, path)
        {
            case ("OPTIONS", _):
            case ("HEAD", ""):
            case ("GET", "_healthcheck"):
                return entrance.Acknowledge(requestId);

            case ("GET", "_ready") when !_stopping:
                return entrance.Acknowledge(requestId);

            case (_, _) when _stopping:
                return entrance.Refuse(NetworkErrors.ShuttingDown(), requestId);

            case ("GET", "") when options.Enabled:
                return await ExecuteAsync(context, ServerInfo, connection, requestId);

            case ("POST", "_query") when options.Enabled:
                return await QueryAsync(context, connection, requestId);

            case ("GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE", _):
                return entrance.Refuse(NetworkErrors.UrlNotFound(context.Request.Path + context.Request.QueryString), requestId);

            default:
                return entrance.Refuse(NetworkErrors.UnsupportedVerb(context.Request.Method), requestId);
        }
    }

    /// <summary><c>POST /_query</c>: the body is a request as the other protocols send it; a token in it wins over that of the headers.</summary>
    private async ValueTask<Answer> QueryAsync(HttpContext context, ClientConnection connection, string requestId)
    {
        var (json, refusal) = await _body.ReadAsync(context.Request, context.RequestAborted);
        if (refusal is not null)
        {
            // The body was perhaps not read to its end, so the next request could not be found behind it.
            context.Response.Headers.Connection = "close";
            return entrance.Refuse(refusal, requestId);
        }

        if (!allRequests.TryEnter(json.Length)) return entrance.Refuse(NetworkErrors.Overloaded(), requestId);
        try
        {
            return await ExecuteAsync(context, json, connection, requestId);
        }
        finally
        {
            allRequests.Leave(json.Length);
        }
    }

    private async ValueTask<Answer> ExecuteAsync(HttpContext context, ReadOnlyMemory<byte> json, ClientConnection connection, string requestId) =>
        entrance.TryParse(RequestDefaults.Add(json, requestId, Token(context)), connection, out var request, out var reason)
            ? await entrance.ExecuteAsync(request, context.RequestAborted)
            : entrance.Refuse(NetworkErrors.BodyParseFailed(reason), requestId);

    private static string? Token(HttpContext context)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }

    private async Task WriteAsync(HttpContext context, Answer answer)
    {
        var response = context.Response;
        crossOrigin.WriteHeaders(context);
        response.StatusCode = answer.Status;
        response.ContentType = "application/json";
        if (!answer.RequestId.AsSpan().ContainsAnyExceptInRange(' ', '~')) response.Headers[RequestIdHeader] = answer.RequestId;
        response.ContentLength = answer.Json.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(answer.Json, context.RequestAborted);
    }
}
