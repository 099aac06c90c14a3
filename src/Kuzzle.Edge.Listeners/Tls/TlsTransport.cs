using System.IO.Pipelines;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using Kuzzle.Edge.Broker.Listeners;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Listeners.Tls;

/// <summary>
/// TLS over another connection, for the broker. The handshake begins at <see cref="Start"/>; the broker waits for the first byte behind it, and a peer that takes too
/// long is dropped like one that does not send its CONNECT. A quiet connection holds no buffer.
/// </summary>
internal sealed partial class TlsTransport : IMqttTransport, IAsyncDisposable
{
    // What the parser has not looked at. More would only be read ahead of a broker that has told the client to wait.
    private const int ReadAhead = 64 * 1024;

    private static readonly PipeOptions InputOptions =
        new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: ReadAhead, resumeWriterThreshold: ReadAhead / 2, useSynchronizationContext: false);

    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(1);

    private readonly IDuplexPipe _pipes;
    private readonly ITlsHandshake _handshake;
    private readonly ListenerMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly DuplexPipeStream _stream;
    private readonly ClearTextStream _written = new();
    private readonly Pipe _read = new(InputOptions);
    private readonly CancellationTokenSource _ended = new();
    private Task _reading = Task.CompletedTask;
    private TlsSession? _session;

    /// <summary>Wraps a connection.</summary>
    /// <param name="pipes">The connection. Its pipes are completed by its owner.</param>
    /// <param name="remote">The peer's address.</param>
    /// <param name="handshake">How to begin.</param>
    /// <param name="metrics">Counts handshakes that failed.</param>
    /// <param name="clock">Bounds the goodbye.</param>
    /// <param name="logger">Learns why a handshake failed.</param>
    public TlsTransport(IDuplexPipe pipes, EndPoint? remote, ITlsHandshake handshake, ListenerMetrics metrics, TimeProvider clock, ILogger logger)
    {
        _pipes = pipes;
        _handshake = handshake;
        _metrics = metrics;
        _clock = clock;
        _logger = logger;
        _stream = new DuplexPipeStream(pipes);
        Peer = new MqttPeer(MqttTransport.Tls, remote);
        Output = PipeWriter.Create(_written, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public MqttPeer Peer { get; private set; }

    public PipeReader Input => _read.Reader;

    public PipeWriter Output { get; }

    /// <summary>Begins the handshake. Does not wait.</summary>
    public void Start() => _reading = ReadAsync();

    /// <summary>Says goodbye, if there was a handshake, and stops reading. The connection below stays for its owner to close.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_session is { } session) await SayGoodbyeAsync(session);
        await _read.Reader.CompleteAsync();
        await _ended.CancelAsync();
        _pipes.Input.CancelPendingRead();
        await _reading;
        _ended.Dispose();
        if (_session is not null) await _session.Stream.DisposeAsync();
    }

    private async Task ReadAsync()
    {
        try
        {
            if (await AuthenticateAsync() is { } session) await ReadAsync(session.Stream);
        }
        catch (Exception failure) when (IsOfPeer(failure))
        {
            LogBroken(Peer.RemoteEndPoint, failure.Message);
        }
        catch (Exception failure) // The outermost place of the connection's reading: its fault must not reach the others.
        {
            LogFault(Peer.RemoteEndPoint, failure);
        }

        await _read.Writer.CompleteAsync();
    }

    private async Task<TlsSession?> AuthenticateAsync()
    {
        try
        {
            var session = await _handshake.RunAsync(_pipes, _stream, _ended.Token);
            Peer = Peer with
            {
                Certificate = session.Certificate,
                UnverifiedCertificate = session.UnverifiedCertificate,
                Intermediates = session.Intermediates,
                PskIdentity = session.PskIdentity,
            };
            _written.Open(session.Stream);
            _stream.LeavesReadingThread = false;
            _session = session;
            return session;
        }
        catch (OperationCanceledException)
        {
            _metrics.HandshakeFailed(HandshakeFault.Unfinished);
            LogUnfinished(Peer.RemoteEndPoint);
        }
        catch (Exception failure) when (IsOfPeer(failure))
        {
            _metrics.HandshakeFailed(failure is IOException ? HandshakeFault.Unfinished : HandshakeFault.Refused);
            LogRefused(Peer.RemoteEndPoint, failure.InnerException is { } inner ? $"{failure.Message} {inner.Message}" : failure.Message);
        }

        return null;
    }

    private async Task ReadAsync(Stream stream)
    {
        while (true)
        {
            _ = await stream.ReadAsync(Memory<byte>.Empty, CancellationToken.None); // Waits without a buffer.
            var count = await stream.ReadAsync(_read.Writer.GetMemory(), CancellationToken.None);
            if (count == 0) return;

            _read.Writer.Advance(count);
            var flush = await _read.Writer.FlushAsync(CancellationToken.None);
            if (flush.IsCompleted) return;
        }
    }

    private async Task SayGoodbyeAsync(TlsSession session)
    {
        try
        {
            var goodbye = session.SayGoodbye();
            using var patience = new CancellationTokenSource(GoodbyePatience, _clock);
            await using var _ = patience.Token.UnsafeRegister(static pipes => ((IDuplexPipe)pipes!).Output.CancelPendingFlush(), _pipes);
            await goodbye;
        }
        catch (Exception failure) when (IsOfPeer(failure) || failure is InvalidOperationException)
        {
            LogBroken(Peer.RemoteEndPoint, failure.Message); // It has gone before; or a write was cut short, and nothing can be sent behind it.
        }
    }

    private static bool IsOfPeer(Exception failure) =>
        failure is IOException or OperationCanceledException or AuthenticationException or ObjectDisposedException or CryptographicException;

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Remote}: the TLS handshake failed: {Reason}")]
    private partial void LogRefused(EndPoint? remote, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Remote}: the TLS handshake was not finished in time")]
    private partial void LogUnfinished(EndPoint? remote);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Remote}: the TLS connection broke: {Reason}")]
    private partial void LogBroken(EndPoint? remote, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Remote}: a TLS connection ended by a fault of the program")]
    private partial void LogFault(EndPoint? remote, Exception failure);
}
