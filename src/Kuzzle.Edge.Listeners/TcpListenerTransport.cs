using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Listeners;

/// <summary>
/// Listens on one TCP port or Unix domain socket and has each connection served. The task of a connection is started on the thread that accepted it and must not block; when it ends, the
/// connection is closed.
/// </summary>
/// <param name="endPoint">An address, where port 0 lets the system choose; or the path of a socket.</param>
/// <param name="serve">Serves one connection to its end. The token is cancelled when the time for a graceful stop is over.</param>
/// <param name="options">The bounds.</param>
/// <param name="metrics">Counts what was delayed or closed.</param>
/// <param name="clock">Measures the pauses after a refused accept, and between connections.</param>
/// <param name="logger">Where refusals and faults go.</param>
/// <param name="inherited">A socket that listens there already and outlives this process, so that connections wait while there is none; null to open one.</param>
internal sealed partial class TcpListenerTransport(
    EndPoint endPoint,
    Func<IDuplexPipe, EndPoint?, CancellationToken, Task> serve,
    TcpListenerOptions options,
    ListenerMetrics metrics,
    TimeProvider clock,
    ILogger logger,
    Socket? inherited = null) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // A peer that was told something reads it in its own time, sending until then. Longer, and many that never close would cost files.
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<SocketConnection> _connections = []; // Each knows its place.
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenSource _unbind = new();
    private Socket? _listener;
    private EndPoint? _boundTo;
    private Task _accepting = Task.CompletedTask;
    private readonly int _maxConnections = DescriptorLimit.ForConnections(options.MaxConnections);
    private TaskCompletionSource? _allEnded; // Made when somebody waits for it.

    /// <summary>Where it listens, with the port that the system chose.</summary>
    public EndPoint EndPoint => _boundTo ?? endPoint;

    /// <summary>How many connections are being served.</summary>
    public int ConnectionCount
    {
        get
        {
            lock (_gate) return _connections.Count;
        }
    }

    /// <summary>Opens the port and begins to accept.</summary>
    /// <exception cref="ListenerException">The port is in use, or the address is not one of this machine, or the right is missing.</exception>
    public void Start()
    {
        if (_listener is not null) throw new InvalidOperationException("It has been started before.");

        _listener = inherited is null ? Bind() : Prepare(inherited);
        _boundTo = _listener.LocalEndPoint is IPEndPoint chosen ? chosen : endPoint;
        if (_maxConnections < options.MaxConnections) LogFewDescriptors(EndPoint, _maxConnections, options.MaxConnections);
        _accepting = AcceptAllAsync(_listener);
    }

    /// <summary>Accepts no more; connections stay. May be called twice.</summary>
    public async Task UnbindAsync()
    {
        await _unbind.CancelAsync();
        if (inherited is not null) await _accepting; // To close a socket that somebody waits on stops it from listening, for its other holder, too.
        _listener?.Dispose();
        await _accepting;
    }

    /// <summary>Accepts no more and waits until all connections have ended, which is for their servers to bring about.</summary>
    /// <param name="cancellationToken">The end of patience: connections that are left are aborted, and awaited all the same.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await UnbindAsync();
        var ended = WhenAllEnded();
        await Task.WhenAny(ended, Task.Delay(Timeout.Infinite, cancellationToken));
        if (!ended.IsCompleted)
        {
            await _abort.CancelAsync();
            foreach (var connection in Connections()) connection.Abort();
        }

        await ended;
    }

    /// <summary>Stops without patience.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _abort.Dispose();
        _unbind.Dispose();
    }

    private Socket Bind() => endPoint is IPEndPoint address ? BindPort(address) : UnixSocketFile.Bind((UnixDomainSocketEndPoint)endPoint, options.SocketMode, options.Backlog);

    private Socket Prepare(Socket socket)
    {
        if (socket.LocalEndPoint is not IPEndPoint) return socket;

        // Accepted sockets inherit these from the one that listens, which saves system calls for each. Without NoDelay a QoS 1 exchange waits 40 ms for an
        // acknowledgement that the peer delays. Not ReuseAddress: it would let a second process share the port.
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)options.TcpKeepAlive.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)Math.Max(1, options.TcpKeepAlive.TotalSeconds / 10));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 5);
        return socket;
    }

    private Socket BindPort(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(address);
            Prepare(socket).Listen(options.Backlog);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new ListenerException(address, Explain(exception), exception);
        }
    }

    private static string Explain(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "the port is in use by another program",
        SocketError.AddressNotAvailable => "this machine does not have the address",
        SocketError.AccessDenied => "the right is missing (ports below 1024 need CAP_NET_BIND_SERVICE)",
        _ => exception.Message,
    };

    private async Task AcceptAllAsync(Socket listener)
    {
        var pause = FirstPause;
        var rate = new ConnectionRate(options.MaxConnectionsPerSecond, clock);
        while (!_unbind.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_unbind.Token);
                pause = FirstPause;
                if (await MayBeginAsync(rate)) Begin(socket);
                else socket.Dispose();
            }
            catch (Exception end) when (_unbind.IsCancellationRequested && end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception) when (IsShortage(exception))
            {
                // No descriptors or no memory: asking again at once would spin until a connection ends, and starve those that could.
                LogShortage(EndPoint, exception.SocketErrorCode, pause);
                if (!await PauseAsync(pause)) return;

                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            }
            catch (SocketException exception)
            {
                LogNotAccepted(EndPoint, exception.SocketErrorCode); // The peer has gone before it was accepted.
            }
        }
    }

    private static bool IsShortage(SocketException exception) =>
        exception.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.ProcessLimit or SocketError.SystemNotReady;

    /// <summary>
    /// Waits for the connection's turn; false when it stops before. Meanwhile the others wait in the kernel's queue, and when that is full, at their senders.
    /// </summary>
    private ValueTask<bool> MayBeginAsync(ConnectionRate rate)
    {
        var wait = rate.Take();
        if (wait == TimeSpan.Zero) return new ValueTask<bool>(true);

        metrics.Delayed();
        return new ValueTask<bool>(PauseAsync(wait));
    }

    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, clock, _unbind.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Begin(Socket socket)
    {
        if (ConnectionCount >= _maxConnections)
        {
            metrics.TooMany();
            LogTooMany(EndPoint, _maxConnections);
            socket.Dispose();
            return;
        }

        var connection = new SocketConnection(socket);
        lock (_gate)
        {
            connection.Place = _connections.Count;
            _connections.Add(connection);
        }

        _ = ServeAsync(connection, socket); // Its end is awaited through the set, to which it belongs before it can begin.
    }

    private SocketConnection[] Connections()
    {
        lock (_gate) return [.. _connections];
    }

    private Task WhenAllEnded()
    {
        lock (_gate)
        {
            if (_connections.Count == 0) return Task.CompletedTask;

            _allEnded ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _allEnded.Task;
        }
    }

    private void Leave(SocketConnection connection)
    {
        lock (_gate)
        {
            var last = _connections[^1];
            _connections[connection.Place] = last;
            last.Place = connection.Place;
            _connections.RemoveAt(_connections.Count - 1);
            if (_connections.Count == 0) _allEnded?.TrySetResult();
        }
    }

    private async Task ServeAsync(SocketConnection connection, Socket socket)
    {
        try
        {
            await serve(connection, socket.RemoteEndPoint as IPEndPoint, _abort.Token); // The other end of a Unix domain socket has no name.
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            // Aborted, as asked.
        }
        catch (Exception exception) // The outermost place of a connection: its fault must not reach the others.
        {
            LogFault(EndPoint, exception);
        }
        finally
        {
            await CloseAsync(connection);
            Leave(connection);
        }
    }

    private async Task CloseAsync(SocketConnection connection)
    {
        if (connection.TryClose()) return; // Nearly always: it is the client who goes.

        // Not while stopping: who does not close by itself then must not hold up the end.
        using var patience = new CancellationTokenSource(ClosePatience, clock);
        using var stopping = _unbind.Token.UnsafeRegister(static patience => ((CancellationTokenSource)patience!).Cancel(), patience);
        await connection.CloseAsync(patience.Token);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{EndPoint}: no connection can be accepted ({Error}); trying again after {Pause}")]
    private partial void LogShortage(EndPoint endPoint, SocketError error, TimeSpan pause);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{EndPoint}: at most {Maximum} connections instead of {Wanted}, since the process may not open more files (LimitNOFILE of the unit, ulimit -n)")]
    private partial void LogFewDescriptors(EndPoint endPoint, int maximum, int wanted);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{EndPoint}: a connection ended before it was accepted ({Error})")]
    private partial void LogNotAccepted(EndPoint endPoint, SocketError error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{EndPoint}: a connection was closed, since {Maximum} are served already")]
    private partial void LogTooMany(EndPoint endPoint, int maximum);

    [LoggerMessage(Level = LogLevel.Error, Message = "{EndPoint}: a connection ended by a fault of the program")]
    private partial void LogFault(EndPoint endPoint, Exception exception);
}
