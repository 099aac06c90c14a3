using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Protocols.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kuzzle.Edge.Protocols.Http;

/// <summary>Reads the JSON body of an HTTP request: checks what it claims to be, undoes its encodings, and holds it to a bound at every step.</summary>
internal sealed class HttpBody(long maxBytes)
{
    /// <summary>As the real server's <c>maxEncodingLayers</c>.</summary>
    private const int MaxEncodings = 3;

    /// <summary>The bytes of the JSON text, or what is wrong with them.</summary>
    public async ValueTask<(ReadOnlyMemory<byte> Json, ApiError? Refusal)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, refusal) = Open(request);
        return body is null ? Refuse(refusal!) : await ReadBoundedAsync(PipeReader.Create(body, new StreamPipeReaderOptions(leaveOpen: true)), cancellationToken);
    }

    /// <summary>The bytes of a body that may be anything, with its encodings undone; or what is wrong with them.</summary>
    public async ValueTask<(ReadOnlyMemory<byte> Bytes, ApiError? Refusal)> ReadRawAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, refusal) = Decode(request);
        return body is null ? Refuse(refusal!) : await ReadBoundedAsync(PipeReader.Create(body, new StreamPipeReaderOptions(leaveOpen: true)), cancellationToken);
    }

    /// <summary>The JSON text, with its encodings undone while it is read; or what is wrong with it already.</summary>
    public (Stream? Body, ApiError? Refusal) Open(HttpRequest request)
    {
        if (request.ContentLength > maxBytes) return (null, NetworkErrors.RequestTooLarge(maxBytes));
        return JudgeContentType(request.ContentType) is { } unsupported ? (null, unsupported) : Decode(request);
    }

    private (Stream? Body, ApiError? Refusal) Decode(HttpRequest request)
    {
        if (request.ContentLength > maxBytes) return (null, NetworkErrors.RequestTooLarge(maxBytes));

        var encodings = request.Headers.ContentEncoding.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (encodings.Length > MaxEncodings) return (null, NetworkErrors.TooManyEncodings(MaxEncodings));

        var unknown = Array.Find(encodings, encoding => Decoder(encoding, Stream.Null) is null);
        if (unknown is not null) return (null, NetworkErrors.UnsupportedCompression(unknown));

        // The list names the encodings in the order in which they were applied: the last one is undone first.
        var body = request.Body;
        for (var i = encodings.Length - 1; i >= 0; i--) body = Decoder(encodings[i], body)!;
        return (body, null);
    }

    private static ApiError? JudgeContentType(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType)) return null;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return NetworkErrors.UnsupportedContent(contentType);

        // Forms are refused: they need no preflight, so any web page could send one, and none can express a request's types.
        if (!type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return NetworkErrors.UnsupportedContent(type.MediaType.ToString());

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? null
            : NetworkErrors.UnsupportedCharset(charset.ToString());
    }

    private static Stream? Decoder(string encoding, Stream body) => encoding.ToUpperInvariant() switch
    {
        "IDENTITY" => body,
        "GZIP" => new GZipStream(body, CompressionMode.Decompress),
        "BR" => new BrotliStream(body, CompressionMode.Decompress),
        "DEFLATE" => new ZLibStream(body, CompressionMode.Decompress),
        _ => null,
    };

    private async ValueTask<(ReadOnlyMemory<byte> Json, ApiError? Refusal)> ReadBoundedAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                if (read.Buffer.Length > maxBytes) return Refuse(NetworkErrors.RequestTooLarge(maxBytes));
                if (read.IsCompleted) return (read.Buffer.ToArray(), null);

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException) // of gzip and deflate; of Brotli
        {
            return Refuse(NetworkErrors.BodyParseFailed(e.Message)); // It is not what its Content-Encoding says.
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static (ReadOnlyMemory<byte> Json, ApiError? Refusal) Refuse(ApiError error) => (default, error);
}
