using System.IO.Pipelines;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Protocols.Requests;
using Microsoft.AspNetCore.Http;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>Answers imports whose body is larger than a request may be, or of which nobody knows how large it is: the action reads it while it comes.</summary>
internal sealed class HttpImports(HttpOptions options, Entrance entrance)
{
    /// <summary>
    /// More at a time would store nothing faster, and each takes one of the places of <c>limits.concurrentRequests</c> for as long as its client takes to send it.
    /// </summary>
    private const int MaxConcurrent = 2;

    private readonly HttpBody _body = new(options.MaxImportBytes);
    private int _running;

    /// <summary>Whether a request is to be answered here.</summary>
    public static bool Takes(RouteMatch match, HttpRequest request, int maxRequestBytes) =>
        match.Action is { Controller: "bulk", Action: "import" } && !(request.ContentLength <= maxRequestBytes && request.Headers.ContentEncoding.Count == 0);

    public async ValueTask<Answer> AnswerAsync(HttpContext context, ClientConnection connection, RouteMatch match, HeaderArguments headers)
    {
        if (Interlocked.Increment(ref _running) > MaxConcurrent)
        {
            Interlocked.Decrement(ref _running);
            return entrance.Refuse(NetworkErrors.Overloaded(), headers.RequestId);
        }

        try
        {
            return await ReadAndExecuteAsync(context, connection, match, headers);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async ValueTask<Answer> ReadAndExecuteAsync(HttpContext context, ClientConnection connection, RouteMatch match, HeaderArguments headers)
    {
        var (body, refusal) = _body.Open(context.Request);
        if (body is null) return entrance.Refuse(refusal!, headers.RequestId);

        var json = RouteRequest.Compose(match, context.Request.QueryString.Value ?? "", headers, body: default);
        if (!entrance.TryParse(json, connection, out var request, out var reason)) return entrance.Refuse(NetworkErrors.BodyParseFailed(reason), headers.RequestId);

        await using var bounded = new BoundedBody(body, options.MaxImportBytes);
        var reader = PipeReader.Create(bounded, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        try
        {
            return await entrance.ExecuteAsync(request with { BodyReader = reader }, context.RequestAborted);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }
}
