using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Protocols.Tests;

/// <summary>A client of Kuzzle's WebSocket protocol.</summary>
internal sealed class SocketClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public ClientWebSocket Socket { get; } = new();

    public static async Task<SocketClient> ConnectAsync(TestGateway gateway, string path = "/")
    {
        var client = new SocketClient();
        await client.Socket.ConnectAsync(new Uri(gateway.WebSocket, path), CancellationToken.None).WaitAsync(Patience);
        return client;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task SendAsync(byte[] data, WebSocketMessageType type, bool endOfMessage = true) =>
        Socket.SendAsync(data, type, endOfMessage, CancellationToken.None).WaitAsync(Patience);

    public async Task<JsonObject> AskAsync(string request)
    {
        await SendAsync(request);
        return await ReceiveAsync();
    }

    public async Task<JsonObject> ReceiveAsync() =>
        JsonNode.Parse(await ReceiveTextAsync() ?? throw new InvalidOperationException($"closed: {Socket.CloseStatus} {Socket.CloseStatusDescription}"))!.AsObject();

    /// <summary>The next message, or null when the server closes.</summary>
    public async Task<string?> ReceiveTextAsync()
    {
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await Socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().WaitAsync(Patience);
            if (part.MessageType == WebSocketMessageType.Close) return null;

            text.Write(buffer.AsSpan(0, part.Count));
            if (part.EndOfMessage) return Encoding.UTF8.GetString(text.ToArray());
        }
    }

    /// <summary>Reads until the server closes, and tells how it closed.</summary>
    public async Task<WebSocketCloseStatus?> WaitForCloseAsync()
    {
        while (await ReceiveTextAsync() is not null)
        {
        }

        await Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        return Socket.CloseStatus;
    }

    public void Dispose() => Socket.Dispose();
}
