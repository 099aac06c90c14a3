using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Kuzzle.Edge.Testing.Hostile;

namespace Kuzzle.Edge.Protocols.Tests.Hostile;

/// <summary>Text messages to a WebSocket, now and then in fragments.</summary>
internal sealed class WebSocketEntrance(StoredGateway gateway, RequestGrammar grammar) : IFuzzedEntrance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private ClientWebSocket? _socket;
    private int _asked;

    public string Sent { get; private set; } = "";

    public async Task<string?> AskAsync()
    {
        var payload = grammar.Next();
        Sent = Encoding.UTF8.GetString(payload);
        if (payload.Length == 0) return null; // An empty message is none.

        _socket ??= await gateway.OpenSocketAsync();
        var cut = ++_asked % 5 == 0 ? payload.Length / 2 : 0;
        if (cut > 0) await SendAsync(payload.AsMemory(0, cut), endOfMessage: false);
        await SendAsync(payload.AsMemory(cut), endOfMessage: true);
        if (!Utf8.IsValid(payload))
        {
            // RFC 6455, 8.1: not an answer, but the end of the connection.
            (await ReceiveAnswerOrEndAsync()).ShouldBeNull();
            _socket.CloseStatus.ShouldBe(WebSocketCloseStatus.InvalidPayloadData);
            _socket.Dispose();
            _socket = null;
            return null;
        }

        var error = AnswerShape.Check(await ReceiveAnswerAsync());
        var id = $"next-{_asked}";
        await SendAsync(Encoding.UTF8.GetBytes($$"""{"controller":"auth","action":"checkToken","requestId":"{{id}}"}"""), endOfMessage: true);
        (await ReceiveAnswerAsync()).GetProperty("requestId").GetString().ShouldBe(id, "there was more than one answer");
        return error;
    }

    public ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task SendAsync(ReadOnlyMemory<byte> part, bool endOfMessage) =>
        _socket!.SendAsync(part, WebSocketMessageType.Text, endOfMessage, CancellationToken.None).AsTask().WaitAsync(Patience);

    private async Task<JsonElement> ReceiveAnswerAsync() =>
        await ReceiveAnswerOrEndAsync() ?? throw new InvalidOperationException($"closed: {_socket!.CloseStatus} {_socket.CloseStatusDescription}");

    /// <summary>The next message that is no notification; null when the connection ended.</summary>
    private async Task<JsonElement?> ReceiveAnswerOrEndAsync()
    {
        while (await ReceiveAsync() is { } text)
        {
            var message = JsonElement.Parse(text);
            if (!message.TryGetProperty("type", out _)) return message;
        }

        return null;
    }

    private async Task<string?> ReceiveAsync()
    {
        using var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await _socket!.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().WaitAsync(Patience);
            if (part.MessageType == WebSocketMessageType.Close) return null;

            text.Write(buffer.AsSpan(0, part.Count));
            if (part.EndOfMessage) return Encoding.UTF8.GetString(text.ToArray());
        }
    }
}
