using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Protocols.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>Sends answers: their status, their headers, and their content as the client accepts it. There is no ETag: an answer is of its moment.</summary>
/// <param name="crossOrigin">Which web pages may read them.</param>
/// <param name="node">The name of this box.</param>
internal sealed class HttpAnswers(CrossOrigin crossOrigin, string node)
{
    private static readonly JsonWriterOptions Pretty = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sends one answer. A failure of <see cref="ResultContent.WriteAsync"/> passes through: the response is then cut off.</summary>
    public async Task WriteAsync(HttpContext context, Answer answer)
    {
        var response = context.Response;
        crossOrigin.WriteHeaders(context);
        response.StatusCode = answer.Status;
        SetHeader(response, HeaderArguments.RequestIdHeader, answer.RequestId);
        SetHeader(response, HeaderArguments.NodeHeader, node);

        var encoding = AnswerEncoding.Choose(context.Request.Headers.AcceptEncoding.ToString());
        if (answer.Content is { } content)
        {
            await WriteContentAsync(context, content, encoding);
            return;
        }

        response.ContentType = "application/json";
        await WriteBytesAsync(context, AsksForIndentation(context.Request) ? Indent(answer.Json) : answer.Json, encoding);
    }

    /// <summary>Nothing but ASCII fits into a header.</summary>
    private static void SetHeader(HttpResponse response, string name, string value)
    {
        if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~')) response.Headers[name] = value;
    }

    private static async Task WriteBytesAsync(HttpContext context, ReadOnlyMemory<byte> json, string? encoding)
    {
        var response = context.Response;
        if (HttpMethods.IsHead(context.Request.Method) || json.Length < AnswerEncoding.LeastBytes || encoding is null)
        {
            response.ContentLength = json.Length;
            if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(json, context.RequestAborted);
            return;
        }

        using var packed = new MemoryStream();
        await using (var encoder = AnswerEncoding.Encode(encoding, packed)) await encoder.WriteAsync(json, context.RequestAborted);
        AnnounceEncoding(response, encoding);
        response.ContentLength = packed.Length;
        await response.Body.WriteAsync(packed.GetBuffer().AsMemory(0, (int)packed.Length), context.RequestAborted);
    }

    private static async Task WriteContentAsync(HttpContext context, ResultContent content, string? encoding)
    {
        var response = context.Response;
        response.ContentType = content.ContentType;
        if (content.FileName is { } name)
        {
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(name);
            response.Headers.ContentDisposition = disposition.ToString();
        }

        if (encoding is null)
        {
            await content.WriteAsync(response.BodyWriter, context.RequestAborted);
            return;
        }

        AnnounceEncoding(response, encoding);
        await using var encoder = AnswerEncoding.Encode(encoding, response.Body);
        var output = PipeWriter.Create(encoder, new StreamPipeWriterOptions(leaveOpen: true));
        await content.WriteAsync(output, context.RequestAborted);
        await output.CompleteAsync();
    }

    private static void AnnounceEncoding(HttpResponse response, string encoding)
    {
        response.Headers.ContentEncoding = encoding;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
    }

    /// <summary><c>?pretty</c>, for people.</summary>
    private static bool AsksForIndentation(HttpRequest request)
    {
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (pair.DecodeName().Span is "pretty") return true;
        }

        return false;
    }

    private static ReadOnlyMemory<byte> Indent(ReadOnlyMemory<byte> json)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>(json.Length * 2);
        using var parsed = JsonDocument.Parse(json);
        using (var writer = new Utf8JsonWriter(output, Pretty)) parsed.RootElement.WriteTo(writer);
        return output.WrittenMemory;
    }
}
