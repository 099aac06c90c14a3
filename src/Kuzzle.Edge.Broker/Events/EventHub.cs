using System.Runtime.CompilerServices;
using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.SysTopics;
using Kuzzle.Edge.Broker.Timing;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>
/// Where the broker says what has happened, to observers and to the topics below <c>$SYS</c>. An event that nobody wants is not even made. Nothing here waits; but for
/// <see cref="Acknowledged"/> it is called where no lock is held.
/// </summary>
internal sealed class EventHub(BrokerCore core)
{
    private readonly Lock _gate = new();
    private volatile EventQueue[] _queues = [];
    private volatile BrokerEventKinds _wanted;

    /// <summary>The topics about the broker's life; null when they are off.</summary>
    public LifecycleTopics? Topics { get; init; }

    public bool Wants(BrokerEventKinds kind) => (_wanted & kind) != 0;

    /// <summary>Gives a new queue what it wants from now on.</summary>
    public EventQueue Add(BrokerEventKinds wanted)
    {
        var queue = new EventQueue(wanted, core.Options.EventQueueLimit, core.Metrics);
        lock (_gate) Set([.. _queues, queue]);
        return queue;
    }

    public void Remove(EventQueue queue)
    {
        lock (_gate) Set([.. _queues.Where(other => other != queue)]);
    }

    /// <summary>Everything that happens, for whoever reads it.</summary>
    public async IAsyncEnumerable<BrokerEvent> ReadAsync(EventQueue queue, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var happened in queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return happened;
        }
        finally
        {
            Remove(queue);
        }
    }

    public void ClientRegistered(ClientConnection client)
    {
        if (Wants(BrokerEventKinds.ClientRegistered)) Raise(new ClientRegistered(client.Handle) { At = Now });
        Topics?.ClientRegistered(client.ClientId);
    }

    public void ConnackSent(ClientConnection client, ReasonCode code, bool isResumed)
    {
        if (!Wants(BrokerEventKinds.ConnackSent)) return;

        Raise(new ConnackSent(client.Handle, code, isResumed ? SessionPresence.Resumed : SessionPresence.New) { At = Now });
    }

    public void ClientReady(ClientConnection client)
    {
        if (Wants(BrokerEventKinds.ClientReady)) Raise(new ClientReady(client.Handle) { At = Now });
    }

    /// <summary>A connection ends: what is said before its will is published.</summary>
    public void Ending(ClientConnection client, Ending ending, Exception? failure)
    {
        if (ending == Connections.Ending.KeepAliveTimeout && Wants(BrokerEventKinds.KeepAliveTimeout)) Raise(new KeepAliveTimeout(client.Handle) { At = Now });
        if (failure is null && !Endings.IsError(ending)) return;

        if (client.IsIdentified && ending != Connections.Ending.QueueLimit)
        {
            if (Wants(BrokerEventKinds.ClientError)) Raise(new ClientError(client.Handle, client.FaultText ?? ending.Text, failure) { At = Now });
        }
        else if (Wants(BrokerEventKinds.ConnectionError))
        {
            Raise(new ConnectionError(client.Peer, client.FaultText ?? ending.Text, failure) { At = Now });
        }
    }

    public void ClientDisconnected(ClientConnection client, Ending ending)
    {
        if (Wants(BrokerEventKinds.ClientDisconnected))
        {
            Raise(new ClientDisconnected(client.Handle, Endings.CauseOf(ending), client.FaultText ?? ending.Text) { At = Now });
        }

        Topics?.ClientDisconnected(client.ClientId);
    }

    public void Published(Publication publication, ClientConnection? client)
    {
        if (!Wants(BrokerEventKinds.MessagePublished)) return;
        if (PacketHandler.IsOfTheBroker(publication.Topic.Span) && !Wants(BrokerEventKinds.SystemMessages)) return;

        Raise(new MessagePublished(client?.Handle, MessageEncoding.Read(publication, SecondsLeft(publication))) { At = Now });
    }

    /// <summary>Called under the lock of a session.</summary>
    public void Acknowledged(ClientConnection client, Publication? publication, ushort identifier)
    {
        var message = publication is null ? null : MessageEncoding.Read(publication, SecondsLeft(publication));
        Raise(new MessageAcknowledged(client.Handle, message, identifier) { At = Now });
    }

    public void Subscribed(ClientConnection client, Func<IReadOnlyList<SubscriptionOutcome>> outcomes)
    {
        if (!Wants(BrokerEventKinds.Subscribed) && Topics is null) return;

        var list = outcomes();
        if (Wants(BrokerEventKinds.Subscribed)) Raise(new Subscribed(client.Handle, list) { At = Now });
        Topics?.Subscribed(client.ClientId, list);
    }

    public void Unsubscribed(string clientId, IReadOnlyList<string> filters, UnsubscribeCause cause)
    {
        if (filters.Count == 0) return;

        if (Wants(BrokerEventKinds.Unsubscribed)) Raise(new Unsubscribed(clientId, filters, cause) { At = Now });
        Topics?.Unsubscribed(clientId, filters);
    }

    public void PingReceived(ClientConnection client)
    {
        if (Wants(BrokerEventKinds.PingReceived)) Raise(new PingReceived(client.Handle) { At = Now });
    }

    /// <summary>The last event. Queues end behind it.</summary>
    public void Closed()
    {
        if (Wants(BrokerEventKinds.BrokerClosed)) Raise(new BrokerClosed { At = Now });
        foreach (var queue in _queues) queue.Complete();
    }

    /// <summary>Whether somebody wants to know which subscriptions end.</summary>
    public bool WatchesSubscriptions => Topics is not null || Wants(BrokerEventKinds.Unsubscribed);

    private DateTimeOffset Now => core.Clock.Time.GetUtcNow();

    private uint? SecondsLeft(Publication publication) =>
        publication.ExpiresAt == BrokerClock.Never ? null : (uint)Math.Max(0, (publication.ExpiresAt - core.Clock.Now + 999) / 1000);

    private void Raise(BrokerEvent happened)
    {
        foreach (var queue in _queues)
        {
            if ((queue.Wanted & happened.Kind) != 0) queue.Add(happened);
        }
    }

    private void Set(EventQueue[] queues)
    {
        _queues = queues;
        _wanted = queues.Aggregate(BrokerEventKinds.None, static (wanted, queue) => wanted | queue.Wanted);
    }
}
