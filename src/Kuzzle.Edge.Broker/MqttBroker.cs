using System.IO.Pipelines;
using System.Net;
using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Storage;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker;

/// <summary>
/// An MQTT broker for versions 3.1, 3.1.1 and 5.0. It opens no sockets: a program hands it connections, each with the rules of the listener it came from, and may
/// publish itself. Safe to use from any thread.
/// </summary>
public sealed partial class MqttBroker : IAsyncDisposable
{
    private readonly BrokerCore _core;
    private readonly Lock _gate = new();
    private readonly HashSet<ClientConnection> _connections = [];
    private TaskCompletionSource? _allGone;
    private ConnectionRate _rate;
    private long _nextLineAt;
    private bool _isStarting;
    private volatile bool _isStarted;
    private bool _isStopping;

    /// <summary>Makes a broker that is ready to serve and keeps everything in memory.</summary>
    /// <param name="options">Its bounds.</param>
    /// <param name="clock">Time for keep-alives, expiries and delays.</param>
    /// <param name="loggers">Where it logs.</param>
    public MqttBroker(MqttBrokerOptions options, TimeProvider clock, ILoggerFactory loggers)
        : this(options, new MemoryBrokerStore(), clock, loggers)
    {
    }

    /// <summary>Makes a broker whose sessions, messages and wills outlive it. It serves once it was started.</summary>
    /// <param name="options">Its bounds.</param>
    /// <param name="store">Where it keeps them. Not disposed by the broker, and to be disposed after it.</param>
    /// <param name="clock">Time for keep-alives, expiries and delays.</param>
    /// <param name="loggers">Where it logs.</param>
    public MqttBroker(MqttBrokerOptions options, IBrokerStore store, TimeProvider clock, ILoggerFactory loggers)
    {
        _core = new BrokerCore(options, store, clock, loggers.CreateLogger<MqttBroker>());
        _isStarted = !store.IsDurable;
    }

    /// <summary>Why what clients send cannot be stored at the moment, or null: those who must wait for the disk get no acknowledgement meanwhile.</summary>
    public string? StoreFault => _core.Journal.Fault;

    internal BrokerCore Core => _core;

    /// <summary>Takes back what an earlier process has stored. Needed, once, with a durable store, before the first connection and the first publication.</summary>
    /// <exception cref="BrokerStoreException">The store cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The broker was started before.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_core.Journal.IsDurable) return;
        if (Interlocked.Exchange(ref _isStarting, true)) throw new InvalidOperationException("The broker has been started before.");

        await Task.Run(Restore, cancellationToken).ConfigureAwait(false);
        _isStarted = true;
    }

    /// <summary>
    /// Serves one connection to its end, which is never a failure of this task. The transport's reader and writer are completed then; closing what is behind
    /// them is the caller's. The broker works on the thread that completes the transport's reads and never blocks it.
    /// </summary>
    /// <param name="transport">The bytes of the peer.</param>
    /// <param name="peer">Who is at the other end.</param>
    /// <param name="profile">The rules of the listener.</param>
    /// <param name="cancellationToken">Ends the connection at once, as if it had broken.</param>
    public Task ServeAsync(IDuplexPipe transport, MqttPeer peer, IListenerProfile profile, CancellationToken cancellationToken) =>
        ServeAsync(new ClientConnection(_core, transport, peer, profile), transport, cancellationToken);

    /// <summary>
    /// Serves a connection whose peer becomes known while it connects. When the broker turns it away, the task has completed when this returns: nobody needs to begin
    /// a handshake then.
    /// </summary>
    /// <param name="transport">The bytes of the peer, and who it is.</param>
    /// <param name="profile">The rules of the listener.</param>
    /// <param name="cancellationToken">Ends the connection at once, as if it had broken.</param>
    public Task ServeAsync(IMqttTransport transport, IListenerProfile profile, CancellationToken cancellationToken) =>
        ServeAsync(new ClientConnection(_core, transport, profile), transport, cancellationToken);

    /// <summary>Publishes a message to all who subscribed, without asking any listener. Topics below <c>$</c> are allowed. Does not block.</summary>
    /// <exception cref="ArgumentException">The topic is no topic name: empty, too long, or with a wildcard or U+0000; or the message is larger than MQTT can carry.</exception>
    public void Publish(MqttMessage message)
    {
        var batch = _core.Batches.Rent();
        try
        {
            _ = _core.Router.Route(MessageEncoding.View(message, batch), publisher: null, batch);
        }
        finally
        {
            _core.Batches.Finish(batch);
        }
    }

    /// <summary>
    /// Closes all connections, MQTT 5 clients with 0x8B, publishes the wills that are due, and waits until every connection has ended and all is on the disk. New ones are turned away.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        ClientConnection[] connections;
        Task allGone;
        lock (_gate)
        {
            _isStopping = true;
            connections = [.. _connections];
            _allGone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (connections.Length == 0) _allGone.TrySetResult();
            allGone = _allGone.Task;
        }

        foreach (var connection in connections) connection.Close(Ending.ShuttingDown);
        await allGone.WaitAsync(cancellationToken).ConfigureAwait(false);
        await _core.Journal.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the broker if that has not been done, and frees its timer and counters.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _core.Dispose();
    }

    private void Restore()
    {
        var stored = _core.Journal.Start();
        foreach (var retained in stored.Retained) _core.Retained.Restore(Publication.Of(retained, _core.Journal));
        _core.Sessions.Restore(stored.Sessions);
        LogRestored(_core.Logger, stored.Sessions.Count, stored.Retained.Count);
    }

    private async Task ServeAsync(ClientConnection connection, IDuplexPipe transport, CancellationToken cancellationToken)
    {
        if (!_isStarted) throw new InvalidOperationException("The broker has a durable store and was not started.");

        if (TurnAway(connection) is { } bound)
        {
            _core.Metrics.ConnectionsTurnedAway.Count(bound);
            if (IsWorthALine()) LogTurnedAway(_core.Logger, connection.Peer.RemoteEndPoint, bound);
            await transport.Output.CompleteAsync().ConfigureAwait(false);
            await transport.Input.CompleteAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            await connection.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(connection);
        }
    }

    /// <summary>Lets the connection in, or says by which bound it may not.</summary>
    private string? TurnAway(ClientConnection connection)
    {
        lock (_gate)
        {
            var options = _core.Options;
            if (_isStopping) return "stopping";
            if (_connections.Count >= options.MaxConnections) return "max_connections";
            if (_core.Connecting.Count >= options.MaxConnecting) return "max_connecting";
            if (options.MaxConnectionsPerSecond != 0 && !_rate.TryTake(_core.Clock.Now, options.MaxConnectionsPerSecond)) return "max_connections_per_second";

            _core.Connecting.Enter();
            _connections.Add(connection);
            return null;
        }
    }

    /// <summary>A flood of connections must not become a flood of lines: the counter has them all.</summary>
    private bool IsWorthALine()
    {
        lock (_gate)
        {
            var now = _core.Clock.Now;
            if (now < _nextLineAt) return false;

            _nextLineAt = now + 1000;
            return true;
        }
    }

    private void Leave(ClientConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
            if (_isStopping && _connections.Count == 0) _allGone?.TrySetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Sessions} MQTT sessions and {Retained} retained messages are back from the store")]
    private static partial void LogRestored(ILogger logger, int sessions, int retained);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection from {Remote} is turned away: {Bound}. Others within the same second are counted only")]
    private static partial void LogTurnedAway(ILogger logger, EndPoint? remote, string bound);
}
