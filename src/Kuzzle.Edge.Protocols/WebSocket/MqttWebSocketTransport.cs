using System.IO.Pipelines;
using System.Net.WebSockets;
using Kuzzle.Edge.Mqtt;
using Microsoft.Extensions.Logging;
using Socket = System.Net.WebSockets.WebSocket;

namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>A WebSocket as the two byte streams that a broker reads and writes. A quiet connection holds no buffer.</summary>
internal sealed partial class MqttWebSocketTransport : IDuplexPipe, IAsyncDisposable
{
    // What the parser has not looked at. More would only be read ahead of a broker that has told the client to wait.
    private const int ReadAhead = 64 * 1024;

    private static readonly PipeOptions InputOptions =
        new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: ReadAhead, resumeWriterThreshold: ReadAhead / 2, useSynchronizationContext: false);

    /// <summary>How long a peer may take over its close frame, before it is cut off.</summary>
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(2);

    private readonly Socket _socket;
    private readonly Action _abort;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Pipe _read = new(InputOptions);
    private Task _reading = Task.CompletedTask;
    private volatile bool _hasSentText;

    /// <summary>Wraps a connection that was accepted.</summary>
    /// <param name="socket">The connection; disposed by its owner, after this.</param>
    /// <param name="abort">Cuts it off.</param>
    /// <param name="clock">Bounds the closing.</param>
    /// <param name="logger">Learns how it broke.</param>
    public MqttWebSocketTransport(Socket socket, Action abort, TimeProvider clock, ILogger logger)
    {
        _socket = socket;
        _abort = abort;
        _clock = clock;
        _logger = logger;
        Output = PipeWriter.Create(new BinaryFrames(socket), new StreamPipeWriterOptions(leaveOpen: true));
    }

    /// <summary>Whether it is this side that goes.</summary>
    public bool IsStopping { get; set; }

    public PipeReader Input => _read.Reader;

    public PipeWriter Output { get; }

    /// <summary>Begins to read. Does not wait.</summary>
    public void Start() => _reading = ReadAsync();

    /// <summary>Closes as the protocol wants it: a close frame from each side. A peer that does not send its own in time is cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        await _read.Reader.CompleteAsync();
        var patience = new CancellationTokenSource(ClosingTime, _clock);
        await using (patience.Token.UnsafeRegister(static abort => ((Action)abort!)(), _abort))
        {
            try
            {
                if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                {
                    var (status, reason) = _hasSentText ? (WebSocketCloseStatus.InvalidMessageType, "MQTT is binary")
                        : IsStopping ? (WebSocketCloseStatus.EndpointUnavailable, "The gateway is shutting down")
                        : (WebSocketCloseStatus.NormalClosure, "");
                    await _socket.CloseOutputAsync(status, reason, CancellationToken.None);
                }
            }
            catch (Exception failure) when (IsOfPeer(failure))
            {
                LogBroken(failure);
            }

            await _reading;
        }

        patience.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await ReadBytesAsync();
            await _read.Writer.CompleteAsync();
            await SkipToCloseAsync();
        }
        catch (Exception failure) when (IsOfPeer(failure))
        {
            LogBroken(failure);
        }
        catch (Exception failure) // The outermost place of the connection's reading: its fault must not reach the others.
        {
            LogFault(failure);
        }

        await _read.Writer.CompleteAsync();
    }

    /// <summary>Until the peer closes, sends what is no MQTT, or the broker has ended.</summary>
    private async Task ReadBytesAsync()
    {
        while (true)
        {
            // The first read waits without a buffer, and takes frames that are empty.
            var part = await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            if (part is { EndOfMessage: true, MessageType: WebSocketMessageType.Binary }) continue;
            if (part.MessageType == WebSocketMessageType.Binary) part = await _socket.ReceiveAsync(_read.Writer.GetMemory(), CancellationToken.None);

            _hasSentText = part.MessageType == WebSocketMessageType.Text; // [MQTT-6.0.0-1]
            if (part.MessageType != WebSocketMessageType.Binary) return;

            _read.Writer.Advance(part.Count);
            var flush = await _read.Writer.FlushAsync(CancellationToken.None);
            if (flush.IsCompleted) return;
        }
    }

    private async Task SkipToCloseAsync()
    {
        var skipped = new byte[512];
        while (_socket.State is WebSocketState.Open or WebSocketState.CloseSent) _ = await _socket.ReceiveAsync(skipped.AsMemory(), CancellationToken.None);
    }

    private static bool IsOfPeer(Exception failure) => failure is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;

    [LoggerMessage(Level = LogLevel.Debug, Message = "An MQTT connection over WebSocket broke.")]
    private partial void LogBroken(Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "An MQTT connection over WebSocket ended by a fault of the program.")]
    private partial void LogFault(Exception failure);

    /// <summary>Each write is one binary message.</summary>
    private sealed class BinaryFrames(Socket socket) : AsyncStream
    {
        public override bool CanRead => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                await socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            }
            catch (WebSocketException failure)
            {
                throw new IOException("The peer has gone.", failure); // As other streams say it.
            }
        }
    }
}
