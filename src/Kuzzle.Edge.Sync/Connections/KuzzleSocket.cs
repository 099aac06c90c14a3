using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Connections;

/// <summary>
/// One WebSocket to a Kuzzle, one request at a time. Whatever goes wrong with it is a <see cref="LinkBrokenException"/>, and after that it can only be
/// disposed.
/// </summary>
internal sealed class KuzzleSocket : IAsyncDisposable
{
    /// <summary>An answer larger than this is not one to a request of ours: they answer at most a batch of results.</summary>
    private const int MaxAnswerBytes = 64 * 1024 * 1024;

    private readonly ClientWebSocket _socket = new();
    private readonly ArrayBufferWriter<byte> _request = new();
    private readonly ArrayBufferWriter<byte> _answer = new();
    private readonly UpstreamOptions _options;
    private readonly TimeProvider _clock;
    private long _requests;

    private KuzzleSocket(UpstreamOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
    }

    public static async Task<KuzzleSocket> ConnectAsync(UpstreamOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var socket = new KuzzleSocket(options, clock);
        try
        {
            using var limit = new CancellationTokenSource(options.RequestTimeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await socket._socket.ConnectAsync(options.Url, either.Token);
            return socket;
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await socket.DisposeAsync();
            throw new LinkBrokenException($"{options.Url} cannot be reached: {Innermost(failure)}", failure);
        }
        catch
        {
            await socket.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one request and waits for its answer.</summary>
    /// <param name="writeMembers">Writes the members of the request but for requestId and jwt.</param>
    public async Task<UpstreamAnswer> AskAsync(Action<Utf8JsonWriter> writeMembers, CancellationToken cancellationToken)
    {
        var requestId = $"edge-{++_requests}";
        WriteRequest(requestId, writeMembers);
        using var limit = new CancellationTokenSource(_options.RequestTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _socket.SendAsync(_request.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, either.Token);
            while (true)
            {
                var message = await ReceiveAsync(either.Token);
                if (IsAnswerTo(message, requestId)) return UpstreamAnswer.Read(message);
            }
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LinkBrokenException($"{_options.Url} did not answer within {_options.RequestTimeout.TotalSeconds:0} s.", late);
        }
        catch (Exception broken) when (broken is WebSocketException or JsonException or InvalidOperationException)
        {
            throw new LinkBrokenException($"The connection to {_options.Url} broke: {Innermost(broken)}", broken);
        }
    }

    /// <summary>Says goodbye when the peer still listens, within a second.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), _clock);
            try
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, limit.Token);
            }
            catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
            {
                // The peer went first; there is nobody to say goodbye to.
            }
        }

        _socket.Dispose();
    }

    private void WriteRequest(string requestId, Action<Utf8JsonWriter> writeMembers)
    {
        _request.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_request);
        writer.WriteStartObject();
        writer.WriteString("requestId", requestId);
        if (_options.Token is { } token) writer.WriteString("jwt", token);
        writeMembers(writer);
        writer.WriteEndObject();
    }

    private async Task<JsonElement> ReceiveAsync(CancellationToken cancellationToken)
    {
        _answer.ResetWrittenCount();
        while (true)
        {
            var received = await _socket.ReceiveAsync(_answer.GetMemory(16 * 1024), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, $"The upstream closed it: {_socket.CloseStatusDescription ?? $"{_socket.CloseStatus}"}.");
            }

            _answer.Advance(received.Count);
            if (_answer.WrittenCount > MaxAnswerBytes) throw new WebSocketException(WebSocketError.Faulted, $"The answer exceeds {MaxAnswerBytes} bytes.");

            // The buffer is reused by the next answer: the document must not keep it.
            if (received.EndOfMessage) return JsonElement.Parse(_answer.WrittenSpan);
        }
    }

    // Whatever else arrives on the connection (a server notification, a late answer) is not for this request.
    private static bool IsAnswerTo(JsonElement message, string requestId) =>
        message.ValueKind == JsonValueKind.Object
        && message.TryGetProperty("requestId", out var id)
        && id.ValueKind == JsonValueKind.String
        && id.ValueEquals(requestId);

    private static string Innermost(Exception failure) => failure.GetBaseException().Message;
}
