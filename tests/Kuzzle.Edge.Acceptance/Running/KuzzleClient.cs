using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Acceptance.Running;

/// <summary>A client of Kuzzle's WebSocket protocol on the framework's own WebSocket, with many requests in flight.</summary>
internal sealed class KuzzleClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonObject>> _waiting = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _sending = new(1, 1);
    private Task _receiving = Task.CompletedTask;

    public static async Task<KuzzleClient> ConnectAsync(EdgeProcess edge)
    {
        var client = new KuzzleClient();
        await client._socket.ConnectAsync(new Uri($"ws://127.0.0.1:{edge.HttpPort}/"), CancellationToken.None);
        client._receiving = client.ReceiveAsync();
        return client;
    }

    /// <summary>The answer; throws <see cref="WebSocketException"/> when the connection breaks before it.</summary>
    public async Task<JsonObject> AskAsync(JsonObject request)
    {
        var requestId = Guid.NewGuid().ToString();
        request["requestId"] = requestId;
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[requestId] = answer;
        if (_receiving.IsCompleted) throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);

        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception broken) when (broken is OperationCanceledException or IOException)
        {
            // How the framework names a connection that breaks at this very moment.
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, broken);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task;
    }

    /// <summary>The result; fails the test when the answer is an error.</summary>
    public async Task<JsonNode?> ResultAsync(JsonObject request)
    {
        var answer = await AskAsync(request);
        answer["error"].ShouldBeNull(answer.ToJsonString());
        return answer["result"];
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _receiving;
        _sending.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var message = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(message.GetMemory(64 * 1024), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close) break;
                message.Advance(received.Count);
                if (!received.EndOfMessage) continue;

                var answer = JsonNode.Parse(message.WrittenSpan)!.AsObject();
                message.ResetWrittenCount();
                if ((string?)answer["requestId"] is { } id && _waiting.TryRemove(id, out var waiting)) waiting.TrySetResult(answer);
            }
        }
        catch (Exception broken) when (broken is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection is gone: everybody who still waits is told below.
        }

        foreach (var waiting in _waiting.Values) waiting.TrySetException(new WebSocketException(WebSocketError.ConnectionClosedPrematurely));
    }
}
