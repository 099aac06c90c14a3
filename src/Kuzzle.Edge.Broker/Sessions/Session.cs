using System.Text;
using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Broker.Subscriptions;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>
/// What the broker keeps for one client identifier: subscriptions, messages in flight and waiting. Everything happens under one lock in short sections; which
/// connection it belongs to is the registry's business.
/// </summary>
internal sealed class Session(BrokerCore core, string clientId) : IJournalWaiter
{
    private static long _lastNumber;

    private readonly Dictionary<byte[], Subscription> _subscriptions = new(TopicComparer.Instance);
    private readonly InFlightWindow _inFlight = new();
    private readonly MessageQueue _waiting = new(core);
    private readonly MessageQueue _waitingReplays = new(core);
    private ClientConnection? _connection;
    private long _lastSequence;
    private long _awaited; // The newest commit the journal will tell of.
    private long _countedInFlight;
    private Dictionary<byte[], byte[]>? _names; // What a client has asked for, and what it got in its place.
    private int _subscriptionCount;
    private int _readiness;

    /// <summary>Different for every session.</summary>
    public long Number { get; } = Interlocked.Increment(ref _lastNumber);

    public string ClientId { get; } = clientId;

    /// <summary>The session as it is stored; null when it is not. Belongs to whoever owns the session, or to the registry.</summary>
    public StoredSession? Stored { get; set; }

    /// <summary>Whether the session outlives its connection, so that what belongs to it is stored.</summary>
    public bool Outlives { get; set; }

    /// <summary>Bounds in place of the broker's, or null. Set by the connection before it attaches.</summary>
    public SessionBounds? Bounds
    {
        set
        {
            lock (Gate) _waiting.Bounds = value;
        }
    }

    /// <summary>Protects the session. Taken before the locks of tree, retained store, journal and outputs, never after.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The registry's notes about whose it is.</summary>
    public Ownership Ownership { get; } = new();

    /// <summary>What the client has sent at QoS 2 and not released.</summary>
    public ReceivedMessages Received { get; } = new();

    /// <summary>Whether several filters of it may match one topic.</summary>
    public bool MayOverlap => Volatile.Read(ref _subscriptionCount) > 1;

    /// <summary>2: connected and keeping up. 1: connected. 0: away. A hint, read without the lock.</summary>
    public int Readiness => Volatile.Read(ref _readiness);

    /// <summary>A session that an earlier process has stored.</summary>
    public void Restore(LoadedSession loaded)
    {
        lock (Gate)
        {
            Stored = loaded.Session;
            Outlives = Stored.ExpirySeconds != 0;
            foreach (var subscription in loaded.Subscriptions)
            {
                var options = new SubscriptionOptions(
                    subscription.Identifier, subscription.Qos, subscription.NoLocal, subscription.RetainAsPublished);
                Add(MakeSubscription(subscription.Filter.ToArray(), options));
            }

            foreach (var received in loaded.Received)
            {
                Received.Add(received.PacketIdentifier, received.Held is { } held ? MessageEncoding.Read(Publication.Of(held, core.Journal), null) : null);
            }

            foreach (var delivery in loaded.Deliveries) RestoreLocked(delivery, wasConnected: Stored.DisconnectedAt is null);
            UpdateReadiness();
        }
    }

    /// <summary>From now on messages go to this connection: first what was in flight, then what waits.</summary>
    public void Attach(ClientConnection connection, DeliveryBatch batch)
    {
        lock (Gate)
        {
            _connection = connection;
            _inFlight.Restart();
            PumpLocked(batch);
        }
    }

    /// <summary>The connection has ended. What it had not acknowledged waits for the next.</summary>
    public void Detach()
    {
        lock (Gate)
        {
            _connection = null;
            _waitingReplays.Clear(); // QoS 0 is for those who are here.
            UpdateReadiness();
        }
    }

    /// <summary>
    /// The client is away for some time: what shared subscriptions have chosen it for, and it was never sent, goes to members who are here. What it was sent waits for
    /// it, for it may have it: at QoS 2 it must, at QoS 1 it may. [MQTT5-4.8.2-4]
    /// </summary>
    public void PassOnShared(DeliveryBatch batch)
    {
        lock (Gate)
        {
            if (_waiting.Count == 0 || !_subscriptions.Values.Any(static subscription => subscription.Group is not null)) return;
        }

        var passed = new List<QueuedMessage>();
        core.Journal.BeginTogether();
        lock (Gate)
        {
            for (var left = _waiting.Count; left > 0; left--)
            {
                _ = _waiting.TryTake(out var message);
                if (message is { Group: { } group, MayBeRepeated: false } && group.HasReader())
                {
                    Forget(message.Journaled);
                    passed.Add(message);
                }
                else
                {
                    _waiting.Restore(message);
                }
            }
        }

        foreach (var message in passed) Router.Share(message.Publication, message.Group!, publisher: null, batch);
        core.Journal.EndTogether();
    }

    /// <summary>The session ends: nothing is left of it. What shared subscriptions had chosen it for goes to others.</summary>
    public void Discard(DeliveryBatch batch, UnsubscribeCause cause)
    {
        var filters = core.Events.WatchesSubscriptions ? ListFilters() : [];
        var orphans = new List<QueuedMessage>();
        var isStored = Stored is not null;
        if (isStored) core.Journal.BeginTogether(); // What goes to others is stored with them when it is no longer with this one.
        lock (Gate)
        {
            if (Stored is { } stored) core.Journal.Remove(stored.Number);
            (Stored, Outlives) = (null, false);
            foreach (var subscription in _subscriptions.Values) Remove(subscription);
            _subscriptions.Clear();
            Volatile.Write(ref _subscriptionCount, 0);
            _inFlight.Clear(orphans);
            CountInFlight(batch);

            // At QoS 2 the client may have got it, and then nobody else must. [MQTT5-4.8.2-5]
            orphans.RemoveAll(static message => message.Group is null || message.Qos == 2);
            while (_waiting.TryTake(out var message))
            {
                if (message.Group is not null) orphans.Add(message);
            }

            _waitingReplays.Clear();
            Received.Clear();
            UpdateReadiness();
        }

        foreach (var orphan in orphans) Router.Share(orphan.Publication, orphan.Group!, publisher: null, batch);
        if (isStored) core.Journal.EndTogether();
        core.Events.Unsubscribed(ClientId, filters, cause);
    }

    /// <summary>Its subscriptions at this moment.</summary>
    public List<(byte[] Filter, SubscriptionOptions Options)> ListSubscriptions()
    {
        lock (Gate) return [.. _subscriptions.Values.Select(subscription => (subscription.Filter, subscription.Options))];
    }

    /// <summary>Their filters.</summary>
    public List<string> ListFilters() => ListSubscriptions().ConvertAll(subscription => Encoding.UTF8.GetString(subscription.Filter));

    /// <summary>A handler has given the client another filter than it has asked for. As many are remembered as it may have subscriptions.</summary>
    public void Rename(byte[] asked, byte[] granted)
    {
        lock (Gate)
        {
            _names ??= new Dictionary<byte[], byte[]>(TopicComparer.Instance);
            if (_names.Count < core.Options.MaxSubscriptionsPerSession || _names.ContainsKey(asked)) _names[asked] = granted;
        }
    }

    /// <summary>The filter that a client has which asked for this one, and will not ask for it again.</summary>
    public byte[] NameOf(byte[] asked)
    {
        lock (Gate) return _names is not null && _names.Remove(asked, out var granted) ? granted : asked;
    }

    /// <summary>Subscribes for the client, and sends what is retained.</summary>
    /// <returns>False when it has as many subscriptions as it may.</returns>
    public bool SubscribeFor(byte[] filter, byte qos, DeliveryBatch batch)
    {
        lock (Gate)
        {
            if (Subscribe(filter, new SubscriptionOptions(0, qos, NoLocal: false, RetainAsPublished: false), batch) == SubscribeOutcome.TooMany) return false;
            if (!SharedFilter.IsShared(filter)) ReplayRetained(filter, batch);
            return true;
        }
    }

    /// <summary>Delivers a message to this client alone.</summary>
    public void Deliver(Publication publication, DeliveryBatch batch)
    {
        lock (Gate) DeliverLocked(new QueuedMessage(publication, [], null, publication.Qos, Retain: false, IsReplay: false), batch);
    }

    /// <summary>
    /// Adds a subscription, or gives the one with the same filter new options without a gap. [MQTT-3.8.4-3] The caller holds the lock, so that no newer message
    /// overtakes the retained ones it sends then.
    /// </summary>
    public SubscribeOutcome Subscribe(ReadOnlySpan<byte> filter, SubscriptionOptions options, DeliveryBatch batch)
    {
        if (_subscriptions.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(filter, out var known))
        {
            if (known.Options != options) StoreSubscription(known.Filter, options, batch);
            known.Options = options;
            return SubscribeOutcome.Renewed;
        }

        if (_subscriptions.Count >= core.Options.MaxSubscriptionsPerSession) return SubscribeOutcome.TooMany;

        var subscription = MakeSubscription(filter.ToArray(), options);
        Add(subscription);
        StoreSubscription(subscription.Filter, options, batch);
        return SubscribeOutcome.Added;
    }

    public bool Unsubscribe(ReadOnlySpan<byte> filter, DeliveryBatch batch)
    {
        lock (Gate)
        {
            if (!_subscriptions.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(filter, out _, out var subscription)) return false;

            if (Outlives) batch.Owe(core.Journal.Change(new SubscriptionChange(Stored!.Number, subscription.Filter, null)));

            Remove(subscription);
            Volatile.Write(ref _subscriptionCount, _subscriptions.Count);
            return true;
        }
    }

    /// <summary>Sends the retained messages of a filter that was subscribed. The caller holds the lock.</summary>
    public void ReplayRetained(ReadOnlySpan<byte> filter, DeliveryBatch batch)
    {
        // A client that asks for everything over and over without reading it must not make the broker search for ever.
        if (_waiting.Replays + _waitingReplays.Replays >= core.Options.MaxRetainedMessages) return;
        if (!_subscriptions.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(filter, out var subscription)) return;

        batch.Retained.Clear();
        core.Retained.CollectMatches(filter, batch.Retained);
        foreach (var publication in batch.Retained)
        {
            if (subscription.Options.NoLocal && publication.Publisher == ClientId) continue; // [MQTT5-3.8.3-3]

            var qos = Math.Min(publication.Qos, subscription.Options.Qos);
            DeliverLocked(new QueuedMessage(publication, Identifiers(subscription), null, qos, Retain: true, IsReplay: true), batch);
        }

        batch.Retained.Clear();
    }

    /// <summary>Delivers a message that these subscriptions of this session matched: one copy.</summary>
    /// <returns>False when none of the subscriptions exists any more, or it is shared and this client may not get the message.</returns>
    public bool Deliver(Publication publication, ReadOnlySpan<Subscription> subscriptions, Session? publisher, DeliveryBatch batch)
    {
        lock (Gate)
        {
            var exists = false;
            var wanted = 0;
            byte qos = 0;
            var retain = false;
            int[] identifiers = [];
            SharedGroup? group = null;
            foreach (var subscription in subscriptions)
            {
                if (!subscription.IsActive) continue;

                exists = true;
                var options = subscription.Options;
                if (options.NoLocal && publisher == this) continue; // [MQTT5-3.8.3-3]

                wanted++;
                qos = Math.Max(qos, options.Qos);
                retain |= options.RetainAsPublished;
                group = subscription.Group;
                if (options.Identifier != 0) identifiers = identifiers is [] ? Identifiers(subscription) : [.. identifiers, options.Identifier];
            }

            if (wanted == 0) return exists;
            if (group is not null && _connection?.MayReceive(publication) == false) return false; // Another member may.

            qos = Math.Min(qos, publication.Qos); // [MQTT-3.8.4-6]
            DeliverLocked(new QueuedMessage(publication, identifiers, group, qos, retain && publication.Retain, IsReplay: false), batch);
            return true;
        }
    }

    /// <summary>How many messages are owed to the client, those under way included.</summary>
    public int Owed
    {
        get
        {
            lock (Gate) return _waiting.Count - _waiting.Replays + _inFlight.Count;
        }
    }

    /// <summary>Sends what waits, as far as the client's window and its reading allow.</summary>
    public void Pump(DeliveryBatch batch)
    {
        lock (Gate) PumpLocked(batch);
    }

    /// <summary>PUBACK.</summary>
    /// <returns>False when it is the wrong acknowledgement for the message.</returns>
    public bool OnPuback(ushort identifier, DeliveryBatch batch)
    {
        lock (Gate)
        {
            var state = _inFlight.StateOf(identifier);
            if (state == InFlightState.Done) return true; // A stray one. It frees nothing. [MQTT5-4.9.0-2]
            if (state != InFlightState.Puback) return false;

            SayAcknowledged(identifier);
            Forget(_inFlight.Complete(identifier));
            PumpLocked(batch);
            return true;
        }
    }

    /// <summary>PUBREC; with an error code it ends the exchange. [MQTT5-4.3.3-4]</summary>
    public PubrecOutcome OnPubrec(ushort identifier, ReasonCode reasonCode, DeliveryBatch batch)
    {
        lock (Gate)
        {
            var state = _inFlight.StateOf(identifier);
            if (state == InFlightState.Done) return PubrecOutcome.Unknown;
            if (state == InFlightState.Puback) return PubrecOutcome.Wrong;

            if (reasonCode >= ReasonCode.UnspecifiedError)
            {
                Forget(_inFlight.Complete(identifier));
                PumpLocked(batch);
                return PubrecOutcome.Ended;
            }

            var isWatched = core.Events.Wants(BrokerEventKinds.MessageAcknowledged);
            if ((isWatched ? _inFlight.ReleaseKept(identifier) : _inFlight.Release(identifier)) is not { } journaled) return PubrecOutcome.Release;

            // After PUBREL the client forgets it: a restarted broker must not send the message again. [MQTT-4.3.3-1]
            HoldLocked(identifier, core.Journal.Change(journaled, DeliveryState.Released, identifier));
            if (_connection is { } connection) PumpUnsentLocked(connection, batch);
            return PubrecOutcome.ReleaseLater;
        }
    }

    /// <summary>PUBCOMP.</summary>
    /// <returns>False when it is the wrong acknowledgement for the message.</returns>
    public bool OnPubcomp(ushort identifier, DeliveryBatch batch)
    {
        lock (Gate)
        {
            var state = _inFlight.StateOf(identifier);
            if (state == InFlightState.Done) return true;
            if (state != InFlightState.Pubcomp) return false;

            SayAcknowledged(identifier);
            Forget(_inFlight.Complete(identifier));
            PumpLocked(batch);
            return true;
        }
    }

    /// <summary>What waited for the disk may go.</summary>
    public void OnCommitted(DeliveryBatch batch) => Pump(batch);

    private void SayAcknowledged(ushort identifier)
    {
        if (_connection is { } connection && core.Events.Wants(BrokerEventKinds.MessageAcknowledged))
        {
            core.Events.Acknowledged(connection, _inFlight.PublicationOf(identifier), identifier);
        }
    }

    private void Add(Subscription subscription)
    {
        _subscriptions.Add(subscription.Filter, subscription);
        Volatile.Write(ref _subscriptionCount, _subscriptions.Count);
        core.Metrics.SubscriptionsChanged(1);
        if (subscription.Group is null) core.Tree.Add(subscription.Filter, subscription);
    }

    private void StoreSubscription(byte[] filter, SubscriptionOptions options, DeliveryBatch batch)
    {
        if (!Outlives) return;

        var subscription = new StoredSubscription(filter, options.Identifier, options.Qos, options.NoLocal, options.RetainAsPublished);
        batch.Owe(core.Journal.Change(new SubscriptionChange(Stored!.Number, filter, subscription)));
    }

    private Subscription MakeSubscription(byte[] filter, SubscriptionOptions options)
    {
        if (!SharedFilter.IsShared(filter)) return new Subscription(this, filter, null) { Options = options };

        return core.Groups.Join(SharedFilter.KeyOf(filter), group => new Subscription(this, filter, group) { Options = options });
    }

    private void Remove(Subscription subscription)
    {
        subscription.IsActive = false;
        core.Metrics.SubscriptionsChanged(-1);
        if (subscription.Group is null) core.Tree.Remove(subscription.Filter, subscription);
        else core.Groups.Leave(subscription);
    }

    private static int[] Identifiers(Subscription subscription) =>
        subscription.Options.Identifier == 0 ? [] : subscription.IdentifierList ??= [subscription.Options.Identifier];

    private void DeliverLocked(in QueuedMessage message, DeliveryBatch batch)
    {
        if (message.Qos == 0) DeliverAtMostOnce(message, batch);
        else if (_waiting.Count == 0 && CanSend()) SendLocked(message, batch);
        else Queue(_waiting, message, batch);
        CountInFlight(batch);
    }

    private void DeliverAtMostOnce(in QueuedMessage message, DeliveryBatch batch)
    {
        if (_connection is not { } connection) return; // QoS 0 is not kept for the absent.

        // Behind replays that still wait, or a newer message of the topic would come before its retained one.
        if (_waitingReplays.Count == 0 && connection.TrySend(message, identifier: 0, batch)) return;

        if (message.IsReplay || _waitingReplays.Count > 0) Queue(_waitingReplays, message, batch);
        else core.Metrics.Dropped(DropReason.SlowReader);
    }

    private void Queue(MessageQueue queue, in QueuedMessage message, DeliveryBatch batch)
    {
        var kept = Keep(message);
        var refusal = queue.Add(kept);
        while (refusal is not null && queue.Bounds is { DropsOldest: true } && queue.TryTake(out var oldest))
        {
            Forget(oldest.Journaled);
            CountOverflow(queue, refusal.Value);
            refusal = queue.Add(kept);
        }

        if (refusal is { } reason) CountOverflow(queue, reason);
        else if (kept.Journaled is { } journaled) batch.Owe(core.Journal.Change(journaled, DeliveryState.Queued, 0));
        UpdateReadiness();
    }

    private void CountOverflow(MessageQueue queue, DropReason reason)
    {
        core.Metrics.Dropped(reason);
        queue.Bounds?.Overflowed?.Invoke();
    }

    /// <summary>The message with bytes of its own, and known to the journal if the session is.</summary>
    private QueuedMessage Keep(in QueuedMessage message)
    {
        var publication = message.Publication.Keep();
        if (!Outlives || message.Qos == 0 || message.Journaled is not null) return message with { Publication = publication };

        var content = new StoredDelivery(
            Stored!.Number, ++_lastSequence, publication.ToStored(core.Journal), message.Qos, message.Retain, message.Identifiers, message.Group?.Key);
        return message with { Publication = publication, Journaled = new JournaledDelivery(content) };
    }

    /// <summary>The message is not this session's business any more.</summary>
    private void Forget(JournaledDelivery? journaled)
    {
        if (journaled is not null) _ = core.Journal.Change(journaled, DeliveryState.Done, 0);
    }

    private void RestoreLocked(in DeliveryChange delivery, bool wasConnected)
    {
        var content = delivery.Delivery;
        _lastSequence = content.Sequence;
        var journaled = new JournaledDelivery(content) { State = delivery.State, PacketIdentifier = delivery.PacketIdentifier, IsStored = true };
        if (content.Message is not { } stored)
        {
            _inFlight.Restore(default(QueuedMessage) with { Qos = content.Qos, Journaled = journaled }, delivery.PacketIdentifier, InFlightState.Pubcomp);
            return;
        }

        var message = new QueuedMessage(
            Publication.Of(stored, core.Journal), content.SubscriptionIdentifiers.ToArray(), GroupOf(content.Group.Span), content.Qos, content.Retain, false, journaled);
        switch (delivery.State)
        {
            case DeliveryState.Queued:
                // Sending at QoS 1 waits for no commit: it may have been sent just before the end. [MQTT-3.3.1-1]
                _waiting.Restore(message with { MayBeRepeated = wasConnected && content.Qos == 1 });
                break;

            case DeliveryState.Sent when content.Qos == 1: _inFlight.Restore(message, delivery.PacketIdentifier, InFlightState.Puback); break;
            case DeliveryState.Sent: _inFlight.Restore(message, delivery.PacketIdentifier, InFlightState.Pubrec); break;
            default: _inFlight.Restore(message with { Publication = null! }, delivery.PacketIdentifier, InFlightState.Pubcomp); break;
        }
    }

    /// <summary>The group of a shared subscription this session still has.</summary>
    private SharedGroup? GroupOf(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty) return null;

        foreach (var subscription in _subscriptions.Values)
        {
            if (subscription.Group is { } group && key.SequenceEqual(group.Key)) return group;
        }

        return null;
    }

    private void PumpLocked(DeliveryBatch batch)
    {
        if (_connection is not { } connection) return;

        while (_waitingReplays.TryPeek(out var replay))
        {
            if (!replay.Publication.IsExpired(batch.Now) && !connection.TrySend(replay, identifier: 0, batch)) break;
            _waitingReplays.Drop();
        }

        PumpUnsentLocked(connection, batch);
        while (_waiting.Count > 0 && CanSend() && _waiting.TryTake(out var waiting)) SendLocked(waiting, batch);
        UpdateReadiness();
        CountInFlight(batch);
    }

    /// <summary>First what is in the window and was not sent over this connection, in its order.</summary>
    private void PumpUnsentLocked(ClientConnection connection, DeliveryBatch batch)
    {
        if (_inFlight.Unsent == 0) return;

        var search = new UnsentSearch(core.Journal.LastCommitted, connection.SendWindow);
        while (connection.Output.HasRoom() && _inFlight.TryTakeUnsent(ref search, out var unsent))
        {
            // The same identifier, and DUP if it may have been sent. [MQTT-4.4.0-1] [MQTT-3.3.1-1]
            if (unsent.State == InFlightState.Pubcomp) connection.SendPubrel(unsent.Identifier, batch);
            else if (!connection.Send(unsent.Message, unsent.IsDuplicate, unsent.Identifier, batch)) Forget(_inFlight.Complete(unsent.Identifier));
        }
    }

    private bool CanSend() => _connection is { } connection && _inFlight.Claimed < connection.SendWindow && _inFlight.Bytes < core.Options.MaxQueuedBytes && connection.Output.HasRoom();

    private void SendLocked(in QueuedMessage message, DeliveryBatch batch)
    {
        if (message.Publication.IsExpired(batch.Now))
        {
            core.Metrics.Dropped(DropReason.Expired); // [MQTT5-3.3.2-5]
            Forget(message.Journaled);
            return;
        }

        // A copy that is too large counts as sent. [MQTT5-3.1.2-25]
        if (!_connection!.MayReceive(message.Publication) || _connection.IsTooLarge(message, batch))
        {
            Forget(message.Journaled);
            return;
        }

        var kept = Keep(message);
        var isHeld = kept.Journaled is not null && kept.Qos == 2;
        if (!isHeld && _inFlight.Unsent == 0)
        {
            var sent = _inFlight.Add(kept);
            if (kept.Journaled is { } journaled) batch.Owe(core.Journal.Change(journaled, DeliveryState.Sent, sent));
            _ = _connection.Send(message, message.MayBeRepeated, sent, batch);
            return;
        }

        // At QoS 2 a restarted broker must know the identifier its client knows. [MQTT-4.3.3-1]
        var identifier = _inFlight.AddUnsent(kept);
        var ticket = kept.Journaled is { } held ? core.Journal.Change(held, DeliveryState.Sent, identifier) : 0;
        batch.Owe(ticket);
        HoldLocked(identifier, isHeld ? ticket : 0);
        PumpUnsentLocked(_connection, batch);
    }

    /// <summary>Something of the window is sent once this commit is on the disk. It may be there already: the caller pumps.</summary>
    private void HoldLocked(ushort identifier, long ticket)
    {
        _inFlight.Hold(identifier, ticket);
        if (ticket <= _awaited) return;

        _awaited = ticket;
        _ = core.Journal.TryWait(ticket, this);
    }

    /// <summary>Tells the counters what is in flight. With the batch, for it changes with every message.</summary>
    private void CountInFlight(DeliveryBatch batch)
    {
        batch.Traffic.InFlightBytes += _inFlight.Bytes - _countedInFlight;
        _countedInFlight = _inFlight.Bytes;
    }

    private void UpdateReadiness() => Volatile.Write(ref _readiness, _connection is null ? 0 : _waiting.Count > 0 ? 1 : 2);
}
