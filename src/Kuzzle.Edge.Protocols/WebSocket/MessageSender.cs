using System.Net.WebSockets;
using System.Threading.Channels;
using Socket = System.Net.WebSockets.WebSocket;

namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>The one writer of a connection: messages from any thread, bounded in bytes, and the close frame after the last of them.</summary>
internal sealed class MessageSender(Socket socket, int maxQueuedBytes)
{
    /// <summary>What a waiting message costs besides its bytes; without it, a flood of empty ones would count as nothing.</summary>
    private const int MessageOverhead = 64;

    private readonly Channel<ReadOnlyMemory<byte>> _messages =
        Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });

    private readonly TaskCompletionSource _overflow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClosingFrame? _closing;
    private long _queuedBytes;

    /// <summary>Completes when the peer reads so slowly that the bound was exceeded; from then on everything is dropped.</summary>
    public Task Overflow => _overflow.Task;

    /// <summary>Queues a message; it must not change afterwards. Dropped when the connection is closing or over its bound.</summary>
    public void Send(ReadOnlyMemory<byte> message)
    {
        var waiting = Interlocked.Add(ref _queuedBytes, Cost(message)) - Cost(message);
        if (waiting > 0 && waiting + Cost(message) > maxQueuedBytes)
        {
            _messages.Writer.TryComplete();
            _overflow.TrySetResult();
            return;
        }

        _messages.Writer.TryWrite(message);
    }

    /// <summary>Accepts no more messages; what is queued is sent, then the close frame. Only the first call counts.</summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        Interlocked.CompareExchange(ref _closing, new ClosingFrame(status, reason), null);
        _messages.Writer.TryComplete();
    }

    /// <summary>Writes until closed. A connection that breaks throws <see cref="WebSocketException"/>.</summary>
    public async Task RunAsync()
    {
        await foreach (var message in _messages.Reader.ReadAllAsync())
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            Interlocked.Add(ref _queuedBytes, -Cost(message));
        }

        if (_closing is { } closing) await socket.CloseOutputAsync(closing.Status, closing.Reason, CancellationToken.None);
    }

    private static int Cost(ReadOnlyMemory<byte> message) => message.Length + MessageOverhead;

    private sealed record ClosingFrame(WebSocketCloseStatus Status, string Reason);
}
