using System.Net.WebSockets;
using Socket = System.Net.WebSockets.WebSocket;

namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>Puts the fragments of a connection's messages together. One reader at a time.</summary>
internal sealed class MessageReader(Socket socket, int maxMessageBytes)
{
    /// <summary>Most requests fit; an idle connection holds no more than this.</summary>
    private const int InitialBytes = 2048;

    private byte[] _buffer = new byte[Math.Min(InitialBytes, maxMessageBytes + 1)];

    /// <summary>The next message. A peer that vanishes without closing throws <see cref="WebSocketException"/>.</summary>
    public async ValueTask<IncomingMessage> ReadAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close) return new(IncomingKind.Close, []);
            if (part.MessageType == WebSocketMessageType.Binary) return new(IncomingKind.Binary, []);

            length += part.Count;
            if (length > maxMessageBytes) return new(IncomingKind.TooLarge, []);
            if (part.EndOfMessage) return new(IncomingKind.Text, Take(length));
            if (length == _buffer.Length) Grow();
        }
    }

    /// <summary>Reads and forgets whatever still comes until the peer's close frame.</summary>
    public async Task SkipToCloseAsync()
    {
        while ((await socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
        {
        }
    }

    private byte[] Take(int length)
    {
        var text = _buffer.AsSpan(0, length).ToArray();
        if (_buffer.Length > InitialBytes) _buffer = new byte[InitialBytes];
        return text;
    }

    // One byte more than allowed, so that a message beyond the bound is seen to be.
    private void Grow() => Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, maxMessageBytes + 1L));
}
