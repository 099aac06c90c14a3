using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kuzzle.Edge.CommandLine;

/// <summary>Asks the gateway that runs on this box, or another one.</summary>
/// <param name="gateway">Its HTTP address.</param>
/// <param name="token">A token or API key of an administrator; null to be anonymous.</param>
internal sealed class GatewayClient(Uri gateway, string? token) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler());

    /// <summary>Asks for an action. Fails only when it is cancelled.</summary>
    public async Task<GatewayAnswer> AskAsync(string controller, string action, (string Index, string Collection)? collection, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "_query"))
            {
                Content = new ReadOnlyMemoryContent(Body(controller, action, collection)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            };
            using var response = await _client.SendAsync(request, limit.Token);
            return Read(JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(limit.Token)));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return Failed(ExitCode.AddressUnavailable, $"{gateway} does not answer as a gateway does ({failure.GetBaseException().Message}); is it running, and is this its address?");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(ExitCode.AddressUnavailable, $"{gateway} did not answer within {Patience.TotalSeconds:0} s");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private ReadOnlyMemory<byte> Body(string controller, string action, (string Index, string Collection)? collection)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("controller", controller);
            writer.WriteString("action", action);
            if (token is not null) writer.WriteString("jwt", token);
            if (collection is { } target)
            {
                writer.WriteString("index", target.Index);
                writer.WriteString("collection", target.Collection);
            }

            writer.WriteEndObject();
        }

        return body.WrittenMemory;
    }

    private GatewayAnswer Read(JsonElement answer)
    {
        if (!answer.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object) return new GatewayAnswer(answer.GetProperty("result"), ExitCode.Success, Complaint: null);

        var complaint = $"{gateway} refuses: {error.GetProperty("message").GetString()} ({(error.TryGetProperty("id", out var id) ? id.GetString() : "error")})";
        return answer.GetProperty("status").GetInt32() switch
        {
            401 or 403 => Failed(ExitCode.NotAllowed, $"{complaint}; give the token of an administrator by --token or KUZZLE_EDGE_TOKEN"),
            404 or 412 => Failed(ExitCode.NotFound, complaint),
            _ => Failed(ExitCode.Unexpected, complaint),
        };
    }

    private static GatewayAnswer Failed(ExitCode code, string complaint) => new(default, code, complaint);
}
