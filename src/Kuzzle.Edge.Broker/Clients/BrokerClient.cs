using System.Text;
using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Kuzzle.Edge.Mqtt.Topics;

namespace Kuzzle.Edge.Broker.Clients;

/// <summary>
/// One client over one connection, for the program that embeds the broker. Stays what it is when the connection ends, and is another one when the client comes back.
/// Safe to use from any thread, but not from <see cref="Handlers.IBrokerHandler.AuthorizeForward"/>.
/// </summary>
public sealed class BrokerClient
{
    private readonly BrokerCore _core;
    private readonly ClientConnection _connection;

    internal BrokerClient(BrokerCore core, ClientConnection connection)
    {
        _core = core;
        _connection = connection;
    }

    /// <summary>The client identifier, given by the client or assigned.</summary>
    public string ClientId => _connection.ClientId;

    /// <summary>The user name of its CONNECT, or null. A claim: see <see cref="Identity"/>.</summary>
    public string? UserName => _connection.UserName;

    /// <summary>Who it has proven to be.</summary>
    public ClientIdentity Identity => _connection.Identity;

    /// <summary>Who is at the other end of its connection.</summary>
    public MqttPeer Peer => _connection.Peer;

    /// <summary>The version it speaks.</summary>
    public MqttVersion Version => _connection.Version;

    /// <summary>The keep-alive that holds; zero for none.</summary>
    public TimeSpan KeepAlive => TimeSpan.FromSeconds(_connection.KeepAliveSeconds);

    /// <summary>How long its session waits for it once it goes; zero for a clean session.</summary>
    public TimeSpan SessionExpiry => TimeSpan.FromSeconds(_connection.SessionExpirySeconds);

    /// <summary>Whether it has been let in and not gone.</summary>
    public bool IsConnected => _connection is { IsGreeted: true, IsEnding: false };

    /// <summary>The filters it has subscribed to, at this moment.</summary>
    public IReadOnlyList<string> Filters => _connection.Session?.ListFilters() ?? [];

    /// <summary>How many messages of QoS 1 and 2 it has not acknowledged: those that wait for it, and those under way.</summary>
    public int Owed => _connection.Session?.Owed ?? 0;

    /// <summary>Whatever the program wants to remember about this connection.</summary>
    public object? State { get; set; }

    /// <summary>Closes the connection once what was sent before has left. Its will is published.</summary>
    /// <param name="reason">Told to MQTT 5 clients.</param>
    /// <exception cref="ArgumentException">The reason is none for a DISCONNECT of the server.</exception>
    public void Disconnect(ReasonCode reason = ReasonCode.AdministrativeAction)
    {
        if (!ReasonCodes.MayStandIn(reason, PacketType.Disconnect, PacketDirection.ToClient))
        {
            throw new ArgumentException($"{reason} (0x{(int)reason:X2}) is no reason for which a server disconnects.", nameof(reason));
        }

        _connection.Close(Ending.ByProgram(reason));
    }

    /// <summary>
    /// Sends a message to this client alone, whether it has subscribed or not. At QoS 1 and 2 it waits for the client like any other message to it.
    /// </summary>
    /// <returns>Completes when the message is sent, or stored for a client whose session is.</returns>
    /// <exception cref="ArgumentException">The topic is no topic name, or the message is larger than MQTT can carry.</exception>
    /// <exception cref="InvalidOperationException">The client is not connected.</exception>
    public ValueTask PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        var session = SessionOfConnected();
        var batch = _core.Batches.Rent();
        try
        {
            batch.OweNothing();
            session.Deliver(Delivery.MessageEncoding.View(message, batch), batch);
            return WhenStoredAsync(batch.Owed, cancellationToken);
        }
        finally
        {
            _core.Batches.Finish(batch);
        }
    }

    /// <summary>Subscribes for the client, as if it had asked and been granted. Retained messages are sent to it.</summary>
    /// <exception cref="ArgumentException">The filter is none, or has more levels than it may.</exception>
    /// <exception cref="InvalidOperationException">The client is not connected, or has as many subscriptions as it may.</exception>
    public ValueTask SubscribeAsync(string filter, QualityOfService qos = QualityOfService.AtMostOnce, CancellationToken cancellationToken = default)
    {
        var utf8 = Encoding.UTF8.GetBytes(filter);
        if (!TopicFilter.IsValid(utf8) || TopicName.CountLevels(utf8) > _core.Options.MaxTopicLevels)
        {
            throw new ArgumentException($"'{filter}' is no topic filter of at most {_core.Options.MaxTopicLevels} levels.", nameof(filter));
        }

        var session = SessionOfConnected();
        var batch = _core.Batches.Rent();
        try
        {
            batch.OweNothing();
            if (!session.SubscribeFor(utf8, (byte)qos, batch))
            {
                throw new InvalidOperationException($"The client has {_core.Options.MaxSubscriptionsPerSession} subscriptions, and may have no more.");
            }

            return WhenStoredAsync(batch.Owed, cancellationToken);
        }
        finally
        {
            _core.Batches.Finish(batch);
        }
    }

    /// <summary>Ends a subscription for the client.</summary>
    /// <returns>False when it has none to this filter.</returns>
    /// <exception cref="InvalidOperationException">The client is not connected.</exception>
    public async ValueTask<bool> UnsubscribeAsync(string filter, CancellationToken cancellationToken = default)
    {
        var session = SessionOfConnected();
        var batch = _core.Batches.Rent();
        batch.OweNothing();
        var hadIt = session.Unsubscribe(Encoding.UTF8.GetBytes(filter), batch);
        var ticket = batch.Owed;
        _core.Batches.Finish(batch);
        await WhenStoredAsync(ticket, cancellationToken).ConfigureAwait(false);
        return hadIt;
    }

    /// <summary>The client identifier and the address.</summary>
    public override string ToString() => $"{ClientId} at {Peer.RemoteEndPoint}";

    private Sessions.Session SessionOfConnected() =>
        IsConnected && _connection.Session is { } session ? session : throw new InvalidOperationException($"The client {ClientId} is not connected.");

    private ValueTask WhenStoredAsync(long ticket, CancellationToken cancellationToken) =>
        _core.Journal.IsCommitted(ticket) ? default : new ValueTask(_core.Journal.WhenCommittedAsync(ticket).WaitAsync(cancellationToken));
}
