using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Clients;
using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Mqtt.Topics;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker;

/// <summary>
/// An MQTT broker for versions 3.1, 3.1.1 and 5.0. It opens no sockets: a program hands it connections, each with the rules of the listener it came from, and may
/// publish itself. Safe to use from any thread.
/// </summary>
public sealed partial class MqttBroker : IMqttBroker, IAsyncDisposable
{
    private readonly BrokerCore _core;
    private readonly Lock _gate = new();
    private readonly HashSet<ClientConnection> _connections = [];
    private readonly ConcurrentDictionary<ObserverPump, bool> _observers = new();
    private readonly ConcurrentDictionary<ProgramSubscription, bool> _subscriptions = new();
    private readonly DateTimeOffset _startedAt;
    private TaskCompletionSource? _allGone;
    private ConnectionRate _rate;
    private long _nextLineAt;
    private bool _isStarting;
    private volatile bool _isStarted;
    private bool _isStopping;
    private bool _isClosed;
    private bool _hasServed;

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
        _startedAt = clock.GetUtcNow();
    }

    /// <inheritdoc/>
    public BrokerStatus Status
    {
        get
        {
            lock (_gate)
            {
                var state = _isClosed ? BrokerState.Closed : _isStopping ? BrokerState.Stopping : _isStarted ? BrokerState.Serving : BrokerState.Created;
                return new BrokerStatus(_core.Options.Id, state, (int)_core.Metrics.Clients, _startedAt);
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<BrokerClient> Clients
    {
        get
        {
            lock (_gate) return [.. _connections.Select(connection => connection.Handle).Where(client => client.IsConnected)];
        }
    }

    /// <summary>Why what clients send cannot be stored at the moment, or null: those who must wait for the disk get no acknowledgement meanwhile.</summary>
    public string? StoreFault => _core.Journal.Fault;

    internal BrokerCore Core => _core;

    /// <summary>The client identifiers of all sessions, of connected and of absent clients, whose owner is of this kind.</summary>
    public IReadOnlyList<string> ListSessions(IdentityKind kind) => _core.Sessions.List(kind);

    /// <summary>
    /// Takes back what an earlier process has stored, and begins the broker's own topics. Needed, once, with a durable store, before the first connection and the first
    /// publication; without one, only for those topics.
    /// </summary>
    /// <exception cref="BrokerStoreException">The store cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The broker was started before.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStarting, true)) throw new InvalidOperationException("The broker has been started before.");

        if (_core.Journal.IsDurable) await Task.Run(Restore, cancellationToken).ConfigureAwait(false);
        _isStarted = true;
        _core.Events.Topics?.Begin();
        _core.Statistics?.Begin();
    }

    /// <summary>Gives the broker the program's handlers: once, and before the first connection.</summary>
    /// <exception cref="InvalidOperationException">There are handlers already, or a connection was served.</exception>
    public void Use(params IReadOnlyCollection<IBrokerHandler> handlers)
    {
        lock (_gate)
        {
            if (_core.Handlers is not null || _hasServed) throw new InvalidOperationException("Handlers are given once, and before the first connection.");
            if (handlers.Count > 0) _core.Handlers = new HandlerChain(handlers, _core.Options, _core.Clock.Time, _core.Logger);
        }
    }

    /// <summary>Tells an observer what happens from now on, until the broker has stopped or the returned value is disposed.</summary>
    public IAsyncDisposable Observe(IBrokerObserver observer) => Observe(observer.Watches, observer.GetType().Name, (happened, token) => happened.TellAsync(observer, token));

    /// <summary>Tells a function of one type of event, as <see cref="Observe(IBrokerObserver)"/> tells an observer.</summary>
    public IAsyncDisposable Observe<TEvent>(Func<TEvent, CancellationToken, ValueTask> tell)
        where TEvent : BrokerEvent, IBrokerEventKind =>
        Observe(TEvent.Watched, typeof(TEvent).Name, (happened, token) => happened is TEvent wanted ? tell(wanted, token) : default);

    private ObserverPump Observe(BrokerEventKinds wanted, string name, Func<BrokerEvent, CancellationToken, ValueTask> tell)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            var queue = _core.Events.Add(wanted);
            var pump = new ObserverPump(name, tell, _core.Events, queue, _core.Clock.Time, _core.Logger, ended => _observers.TryRemove(ended, out _));
            _observers[pump] = true;
            return pump;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<BrokerEvent> EventsAsync(BrokerEventKinds wanted = BrokerEventKinds.Usual, CancellationToken cancellationToken = default)
    {
        var queue = _core.Events.Add(wanted);
        lock (_gate)
        {
            if (_isClosed) queue.Complete();
        }

        return _core.Events.ReadAsync(queue, cancellationToken);
    }

    /// <inheritdoc/>
    public BrokerClient? FindClient(string clientId)
    {
        var client = _core.Sessions.FindOwner(clientId)?.Handle;
        return client is { IsConnected: true } ? client : null;
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

    // Not a public sibling of Publish, which does not block and is what parts of this process use: whoever waits for the disk has the interface.
    async ValueTask IMqttBroker.PublishAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        PublishContext.Check(message.Topic, _core.Options.MaxTopicLevels);
        var ticket = RouteOwn(message);
        if (!_core.Journal.IsCommitted(ticket)) await _core.Journal.WhenCommittedAsync(ticket).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_core.Handlers is not { HearsPublished: true } handlers) return;

        using var asking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (await handlers.PublishedAsync(new PublishedContext(client: null, message), asking).ConfigureAwait(false)) return;

        cancellationToken.ThrowIfCancellationRequested();
        throw new InvalidOperationException($"The message on {message.Topic} was published, and a handler has failed to take note of it; the log says which.");
    }

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> SubscribeAsync(string filter, Func<MqttMessage, CancellationToken, ValueTask> handle)
    {
        var utf8 = Encoding.UTF8.GetBytes(filter);
        if (!TopicFilter.IsValid(utf8) || TopicFilter.IsShared(utf8) || TopicName.CountLevels(utf8) > _core.Options.MaxTopicLevels)
        {
            throw new ArgumentException($"'{filter}' is no topic filter of at most {_core.Options.MaxTopicLevels} levels without $share.", nameof(filter));
        }

        var subscription = new ProgramSubscription(_core, utf8, handle, ended => _subscriptions.TryRemove(ended, out _));
        _subscriptions[subscription] = true;
        return new(subscription);
    }

    /// <summary>Publishes a message to all who subscribed, without asking any listener. Topics below <c>$</c> are allowed. Does not block.</summary>
    /// <exception cref="ArgumentException">The topic is no topic name: empty, too long, or with a wildcard or U+0000; or the message is larger than MQTT can carry.</exception>
    public void Publish(MqttMessage message) => _ = RouteOwn(message);

    /// <summary>
    /// Closes all connections, MQTT 5 clients with 0x8B, publishes the wills that are due, and waits until every connection has ended and all is on the disk. New ones are
    /// turned away. May be called more than once.
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
        await _core.Pending.WhenDoneAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        await CloseAsync(cancellationToken).ConfigureAwait(false);
        await _core.Journal.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the broker if that has not been done, and frees its timer and counters.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _core.Dispose();
    }

    /// <summary>The program's own part ends when the clients have gone.</summary>
    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isClosed) return;

            _isClosed = true;
        }

        _core.Events.Closed();
        foreach (var observer in _observers.Keys) await observer.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        foreach (var subscription in _subscriptions.Keys) await subscription.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private long RouteOwn(MqttMessage message)
    {
        var batch = _core.Batches.Rent();
        try
        {
            batch.OweNothing();
            var publication = MessageEncoding.View(message, batch);
            _ = _core.Router.Route(publication, publisher: null, batch);
            _core.Events.Published(publication, client: null);
            return batch.Owed;
        }
        finally
        {
            _core.Batches.Finish(batch);
        }
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

        _core.Metrics.SocketOpened();
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

            _hasServed = true;
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
