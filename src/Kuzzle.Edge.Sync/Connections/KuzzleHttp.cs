using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>A Kuzzle asked by HTTP: for upstreams, and lines, that let no WebSocket through. There are no notifications.</summary>
internal sealed class KuzzleHttp(UpstreamOptions options, Uri address, HttpMessageInvoker handler, TimeProvider clock) : IUpstreamConnection
{
    private readonly Uri _query = new(address, "_query");

    /// <inheritdoc/>
    public string Transport => "http";

    /// <inheritdoc/>
    public async Task<UpstreamAnswer> AskAsync(Action<Utf8JsonWriter> writeMembers, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.RequestTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _query) { Content = ContentOf(writeMembers) };
            using var response = await handler.SendAsync(request, either.Token);
            var content = await response.Content.ReadAsByteArrayAsync(either.Token);
            return UpstreamAnswer.Read(JsonElement.Parse(content));
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LinkBrokenException($"{options.Url} did not answer within {options.RequestTimeout.TotalSeconds:0} s.", late);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new LinkBrokenException($"{options.Url} cannot be reached: {broken.GetBaseException().Message}", broken);
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException)
        {
            throw new LinkBrokenException($"{_query} does not answer like a Kuzzle: {strange.Message}", strange);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ReadOnlyMemoryContent ContentOf(Action<Utf8JsonWriter> writeMembers)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        return new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }
}
