using System.Buffers;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>A Kuzzle asked by HTTP: for upstreams, and lines, that let no WebSocket through. There are no notifications.</summary>
internal sealed class KuzzleHttp(UpstreamOptions options, Uri address, UpstreamDoor door, LinkTraffic traffic, TimeProvider clock) : IUpstreamConnection
{
    /// <summary>What fits into one packet gains nothing.</summary>
    private const int MinCompressed = 1400;

    private readonly Uri _query = new(address, "_query");

    /// <inheritdoc/>
    public string Transport => "http";

    /// <inheritdoc/>
    public async Task<UpstreamAnswer> AskAsync(Action<Utf8JsonWriter> writeMembers, TimeSpan timeToSend, CancellationToken cancellationToken)
    {
        var status = 0;
        using var limit = new CancellationTokenSource(options.RequestTimeout + timeToSend, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _query) { Content = ContentOf(writeMembers) };
            request.Headers.Host = door.Host;
            using var response = await door.Handler.SendAsync(request, either.Token);
            status = (int)response.StatusCode;
            var content = await ReadAsync(response.Content, limit, either.Token);
            traffic.Received(content.Length);

            // Often by something on the way that knows nothing of Kuzzle.
            return status == (int)HttpStatusCode.RequestEntityTooLarge
                ? new UpstreamAnswer(status, "network.http.too_large", "The request is too large.", default)
                : UpstreamAnswer.Read(UpstreamAnswer.Parse(content.Span));
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LinkBrokenException($"{options.Url} did not answer within {options.RequestTimeout.TotalSeconds:0} s.", late);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new LinkBrokenException(door.Explain(broken), broken);
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException)
        {
            throw new LinkBrokenException($"{_query} does not answer like a Kuzzle (HTTP status {status}): {strange.Message}", strange);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationTokenSource limit, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var body = new ArrayBufferWriter<byte>();
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        while (await stream.ReadAsync(body.GetMemory(16 * 1024), cancellationToken) is var count && count > 0)
        {
            body.Advance(count);
            if (body.WrittenCount > UpstreamAnswer.MaxBytes) throw new IOException($"The answer exceeds {UpstreamAnswer.MaxBytes} bytes.");
            limit.CancelAfter(AnswerTime.Left(options.RequestTimeout, body.WrittenCount, clock.GetElapsedTime(began)));
        }

        return body.WrittenMemory;
    }

    private ReadOnlyMemoryContent ContentOf(Action<Utf8JsonWriter> writeMembers)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        var isCompressed = options.Compression && body.WrittenCount > MinCompressed;
        var bytes = isCompressed ? Compress(body.WrittenMemory) : body.WrittenMemory;
        traffic.Sent(bytes.Length);
        var content = new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        if (isCompressed) content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(body.Span);
        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }
}
