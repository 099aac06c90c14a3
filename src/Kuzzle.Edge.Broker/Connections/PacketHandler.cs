using System.Globalization;
using System.Text;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Sessions;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>What a connected client's packets do. Handled one after the other on the connection's loop, which must not be blocked.</summary>
internal sealed class PacketHandler(BrokerCore core, ClientConnection connection, Session session, PacketReader reader)
{
    private readonly TopicAliases _aliases = new(connection.IsVersion5 ? connection.Limits.TopicAliasMaximum : 0);
    private readonly DialectPublications? _dialect = connection.Dialect is { } dialect ? new DialectPublications(core, connection, dialect, session) : null;
    private readonly SubscriptionHandler _subscriptions = new(core, connection, session);
    private Task<Ending?>? _unfinished;

    /// <summary>Whether the packet that was handled last waits for something: no other may be handled before.</summary>
    public bool HasUnfinished => _unfinished is not null;

    /// <summary>What the last packet waits for, with the reason for which the connection ends then, or null.</summary>
    public Task<Ending?>? TakeUnfinished()
    {
        var unfinished = _unfinished;
        _unfinished = null;
        return unfinished;
    }

    /// <summary>Handles one packet.</summary>
    /// <returns>Null, or why the connection ends.</returns>
    public Ending? Handle(in PacketView packet, DeliveryBatch batch) => packet.Type switch
    {
        PacketType.Publish => OnPublish(packet.Publish, batch),
        PacketType.Puback => OnPuback(packet.Acknowledgement, batch),
        PacketType.Pubrec => OnPubrec(packet.Acknowledgement, batch),
        PacketType.Pubrel => OnPubrel(packet.Acknowledgement, batch),
        PacketType.Pubcomp => OnPubcomp(packet.Acknowledgement, batch),
        PacketType.Subscribe => _subscriptions.OnSubscribe(packet.Subscribe, batch, out _unfinished),
        PacketType.Unsubscribe => _subscriptions.OnUnsubscribe(packet.Unsubscribe, batch, out _unfinished),
        PacketType.Pingreq => OnPingreq(batch),
        PacketType.Disconnect => OnDisconnect(packet.Disconnect),
        PacketType.Auth => OnAuth(packet.Auth),

        // A second CONNECT [MQTT-3.1.0-2]; what only a server sends.
        _ => Ending.Violation("Neither a second CONNECT may come, nor what only a server sends."),
    };

    /// <summary>What the listener says about a topic. Nobody but the broker itself publishes below <c>$SYS</c>, but for a client's own connection state.</summary>
    public static PublishRuling Judge(ClientConnection connection, ReadOnlySpan<byte> topic, PublicationKind kind)
    {
        var ruling = connection.Profile.JudgePublish(connection, topic, isWill: kind == PublicationKind.Will);
        return ruling == PublishRuling.Route && IsReserved(connection, topic) ? PublishRuling.Refuse : ruling;
    }

    /// <summary>Whether a topic is below <c>$SYS</c>.</summary>
    public static bool IsOfTheBroker(ReadOnlySpan<byte> topic) => topic.StartsWith("$SYS"u8) && (topic.Length == 4 || topic[4] == '/');

    /// <summary>Whether a client may not publish to a topic because it is the broker's.</summary>
    public static bool IsReserved(ClientConnection connection, ReadOnlySpan<byte> topic) => IsOfTheBroker(topic) && !IsStateOf(connection, topic);

    /// <summary>Bridges tell here whether they are connected, each under its own client identifier.</summary>
    private static bool IsStateOf(ClientConnection connection, ReadOnlySpan<byte> topic)
    {
        ReadOnlySpan<byte> before = "$SYS/broker/connection/"u8, behind = "/state"u8;
        return topic.Length == before.Length + Encoding.UTF8.GetByteCount(connection.ClientId) + behind.Length
            && topic.StartsWith(before)
            && topic.EndsWith(behind)
            && Encoding.UTF8.GetString(topic[before.Length..^behind.Length]) == connection.ClientId;
    }

    private Ending? OnPublish(in PublishView packet, DeliveryBatch batch)
    {
        batch.Traffic.MessagesIn++;
        batch.Traffic.BytesIn += packet.Topic.Length + packet.Payload.Length;
        byte[]? topic = null;
        if (packet.TopicAlias != 0 && _aliases.Resolve(packet.TopicAlias, packet.Topic, out topic) is { } wrong) return wrong; // A repetition sets its alias, too.
        if (packet.QualityOfService == QualityOfService.ExactlyOnce && session.Received.Contains(packet.PacketIdentifier))
        {
            connection.Acknowledgements.Append(0, PacketType.Pubrec, packet.PacketIdentifier, ReasonCode.Success, batch); // It has been delivered. [MQTT-4.3.3-2]
            return null;
        }

        batch.OweNothing();
        var publication = batch.Handle(packet, reader);
        if (topic is not null) publication.Rename(topic);

        var arrival = new Arrival(packet.QualityOfService, packet.PacketIdentifier, packet.MessageExpiryInterval);
        if (_dialect is not null) return GiveTo(_dialect, publication, arrival, batch);
        if (core.Handlers is { SeesPublications: true } handlers) return AskAbout(publication, arrival, handlers);

        var ending = Accept(publication, arrival, Judge(connection, publication.Topic.Span, PublicationKind.Live), batch, out var outcome);
        if (ending is null) Acknowledge(arrival, outcome, batch);
        return ending;
    }

    /// <summary>All messages are the dialect's. At QoS 2 it gets them when they arrive, and the identifier is owned until its release, so that a repetition is known.</summary>
    private Ending? GiveTo(DialectPublications dialect, Publication publication, Arrival arrival, DeliveryBatch batch)
    {
        if (arrival.Qos == QualityOfService.ExactlyOnce) session.Received.Add(arrival.Identifier, held: null);
        dialect.Take(MessageEncoding.Read(publication, arrival.Expiry), arrival, batch, out _unfinished);
        return null;
    }

    private Ending? AskAbout(Publication publication, Arrival arrival, HandlerChain handlers)
    {
        var handling = new AskedPublication(core, connection, this, handlers).HandleAsync(MessageEncoding.Read(publication, arrival.Expiry), arrival);
        if (handling.IsCompletedSuccessfully) return handling.GetAwaiter().GetResult();

        _unfinished = handling;
        return null;
    }

    /// <summary>Does what was ruled with a message, but for the acknowledgement.</summary>
    /// <returns>Why the connection ends, or null.</returns>
    public Ending? Accept(Publication publication, Arrival arrival, PublishRuling ruling, DeliveryBatch batch, out PublishOutcome outcome)
    {
        if (arrival.Qos != QualityOfService.ExactlyOnce) return Dispatch(publication, arrival, ruling, batch, out outcome);

        outcome = default;
        if (connection.IsVersion5 && session.Received.Count >= connection.ReceiveMaximum) return TooManyUnreleased();

        // The message and the ownership of its identifier are stored together, or a repetition would be a second message, or none.
        var isStored = session.Outlives;
        if (isStored) core.Journal.BeginTogether();
        try
        {
            return OwnAndDispatch(publication, arrival, ruling, batch, out outcome);
        }
        finally
        {
            if (isStored) core.Journal.EndTogether();
        }
    }

    /// <summary>Sends the acknowledgement once all that is owed is on the disk; what a dialect takes, it gets behind that.</summary>
    public void Acknowledge(Arrival arrival, in PublishOutcome outcome, DeliveryBatch batch)
    {
        switch (arrival.Qos)
        {
            case QualityOfService.AtLeastOnce:
                connection.Acknowledgements.Append(outcome.Ticket, PacketType.Puback, arrival.Identifier, outcome.Reason, batch, WhyOf(outcome.Reason));
                break;
            case QualityOfService.ExactlyOnce:
                connection.Acknowledgements.Append(outcome.Ticket, PacketType.Pubrec, arrival.Identifier, outcome.Reason, batch, WhyOf(outcome.Reason));
                return;
        }

        if (outcome.Taken is { } taken) connection.Profile.Take(connection, taken);
    }

    /// <summary>The exchange of a QoS 2 message ends with an error in its PUBREC: the identifier is the client's again.</summary>
    public long Disown(ushort identifier)
    {
        var wasOwned = session.Received.Release(identifier, out _);
        return wasOwned && session.Outlives ? core.Journal.Change(new ReceivedChange(session.Stored!.Number, identifier, IsOwned: false, null)) : 0;
    }

    private Ending? Dispatch(Publication publication, Arrival arrival, PublishRuling ruling, DeliveryBatch batch, out PublishOutcome outcome)
    {
        outcome = default;
        switch (ruling)
        {
            case PublishRuling.Disconnect:
                return Ending.NotAllowed;
            case PublishRuling.Take:
                // At QoS 2 it is held until its release. 3.1.1 knows no receive maximum: what is held has its bound in bytes.
                var isHeld = arrival.Qos == QualityOfService.ExactlyOnce;
                if (isHeld && session.Received.HeldBytes + publication.Size > core.Options.MaxQueuedBytes) return TooMuchHeld();
                outcome = new PublishOutcome(ReasonCode.Success, IsRouted: false, MessageEncoding.Read(publication, arrival.Expiry), 0);
                break;
            case PublishRuling.Route:
                var reason = Route(publication, arrival, batch);
                outcome = new PublishOutcome(reason, IsRouted: reason != ReasonCode.QuotaExceeded, null, batch.Owed);
                if (outcome.IsRouted) core.Events.Published(publication, connection);
                break;
            default:
                outcome = new PublishOutcome(ReasonCode.NotAuthorized, IsRouted: false, null, 0);
                core.Metrics.Dropped(DropReason.Refused);
                break;
        }

        return null;
    }

    /// <summary>
    /// Routed when it arrives, and the identifier is owned until its release, so that a repetition is known; what a dialect takes is held until then.
    /// </summary>
    private Ending? OwnAndDispatch(Publication publication, Arrival arrival, PublishRuling ruling, DeliveryBatch batch, out PublishOutcome outcome)
    {
        if (Dispatch(publication, arrival, ruling, batch, out outcome) is { } ending) return ending;

        // A refusal ends the exchange in 5.0, where the client sees it; else it goes on to PUBCOMP as if delivered. [MQTT5-4.3.3-4]
        if (outcome.Reason >= ReasonCode.UnspecifiedError && connection.IsVersion5) return null;

        session.Received.Add(arrival.Identifier, outcome.Taken);
        if (!session.Outlives) return null;

        var stored = outcome.Taken is null ? null : publication.ToStored(core.Journal);
        batch.Owe(core.Journal.Change(new ReceivedChange(session.Stored!.Number, arrival.Identifier, IsOwned: true, stored)));
        outcome = outcome with { Ticket = batch.Owed };
        return null;
    }

    /// <summary>
    /// To the retained store and to the subscribers. When the store is full, a message whose sender can be told is refused whole: it would send it again, and then
    /// the subscribers had it twice. The others are delivered and not retained.
    /// </summary>
    private ReasonCode Route(Publication publication, Arrival arrival, DeliveryBatch batch)
    {
        if (!core.Router.TryRetain(publication, session, batch) && connection.IsVersion5 && arrival.Qos != QualityOfService.AtMostOnce) return ReasonCode.QuotaExceeded;

        return core.Router.Deliver(publication, session, batch) ? ReasonCode.Success : ReasonCode.NoMatchingSubscribers;
    }

    private string? WhyOf(ReasonCode reason) => reason switch
    {
        ReasonCode.NotAuthorized => "This client may not publish to this topic.",
        ReasonCode.QuotaExceeded => core.RetainedIsFull,
        ReasonCode.ImplementationSpecificError => "The program of this broker could not handle the message.",
        _ => null,
    };

    private Ending TooManyUnreleased() => Ending.Because(ReasonCode.ReceiveMaximumExceeded, string.Create(
        CultureInfo.InvariantCulture, $"The Receive Maximum is {connection.ReceiveMaximum}, and that many QoS 2 messages wait for their PUBREL."));

    private Ending TooMuchHeld() => Ending.Because(ReasonCode.QuotaExceeded, string.Create(
        CultureInfo.InvariantCulture, $"QoS 2 messages that wait for their PUBREL may have {core.Options.MaxQueuedBytes} bytes together."));

    private Ending? OnPuback(in AcknowledgementView packet, DeliveryBatch batch)
    {
        if (connection.Direct is not { } direct)
        {
            return session.OnPuback(packet.PacketIdentifier, batch) ? null : Ending.Violation("PUBACK came for a message of QoS 2.");
        }

        direct.OnPuback(packet.PacketIdentifier, packet.ReasonCode);
        return null;
    }

    private Ending? OnPubrec(in AcknowledgementView packet, DeliveryBatch batch)
    {
        switch (session.OnPubrec(packet.PacketIdentifier, packet.ReasonCode, batch))
        {
            case PubrecOutcome.Wrong:
                return Ending.Violation("PUBREC came for a message of QoS 1.");
            case PubrecOutcome.Release:
            case PubrecOutcome.Unknown when packet.ReasonCode < ReasonCode.UnspecifiedError:
                // Also for an unknown one: after a lost session only that lets the client finish.
                Acknowledgement.Append(connection, PacketType.Pubrel, packet.PacketIdentifier, ReasonCode.Success, batch);
                break;
        }

        return null;
    }

    private Ending? OnPubrel(in AcknowledgementView packet, DeliveryBatch batch)
    {
        // Always answered, and always with success: that the identifier is unknown is no fault when the PUBCOMP was lost. [MQTT5-4.3.3-11]
        // With PUBCOMP the client may use the identifier for another message: a restarted broker must not own it any more.
        var wasOwned = session.Received.Release(packet.PacketIdentifier, out var held);
        var ticket = wasOwned && session.Outlives
            ? core.Journal.Change(new ReceivedChange(session.Stored!.Number, packet.PacketIdentifier, IsOwned: false, null))
            : 0;
        connection.Acknowledgements.Append(ticket, PacketType.Pubcomp, packet.PacketIdentifier, ReasonCode.Success, batch);
        if (held is not null) connection.Profile.Take(connection, held);
        return null;
    }

    private Ending? OnPubcomp(in AcknowledgementView packet, DeliveryBatch batch) =>
        session.OnPubcomp(packet.PacketIdentifier, batch) ? null : Ending.Violation("PUBCOMP came for a message that was not released.");

    private Ending? OnPingreq(DeliveryBatch batch)
    {
        batch.Append(connection.Output, [(byte)PacketType.Pingresp << 4, 0]);
        core.Events.PingReceived(connection);
        return null;
    }

    /// <summary>The client authenticates itself again. Until it has, what it has proven before holds, and other packets may come between. (5.0 4.12.1)</summary>
    private Ending? OnAuth(AuthPacket packet)
    {
        if (connection.Authentication is not { } authentication) return Ending.Violation("AUTH may come only if CONNECT has named an authentication method. [MQTT5-4.12.0-6]");
        if (packet.Properties?.AuthenticationMethod != authentication.Method) return Ending.Violation("AUTH must name the method of CONNECT. [MQTT5-4.12.0-5]");

        var begins = packet.ReasonCode == ReasonCode.ReAuthenticate;
        if (begins && authentication.IsUnderWay) return Ending.Violation("AUTH 0x19 came while an authentication was under way.");
        if (!begins && !authentication.IsUnderWay) return Ending.Violation("AUTH 0x18 came while no authentication was under way.");

        _unfinished = AuthenticateAsync(authentication, begins, packet.Properties.AuthenticationData);
        return null;
    }

    private async Task<Ending?> AuthenticateAsync(ClientAuthentication authentication, bool begins, byte[]? data)
    {
        var identity = connection.Identity.Key;
        var step = begins ? await authentication.BeginAsync(data).ConfigureAwait(false) : await authentication.ContinueAsync(data).ConfigureAwait(false);
        if (step.Refusal.IsFault) return Ending.Because(ConnectRefusal.InDisconnect(step.Refusal));

        // Its session and its rights are those of another.
        if (connection.Identity.Key != identity) return Ending.Because(ReasonCode.NotAuthorized, "A connection cannot become another user's or device's.");

        authentication.Write(step.IsLast ? ReasonCode.Success : ReasonCode.ContinueAuthentication, step);
        return null;
    }

    private Ending OnDisconnect(DisconnectPacket packet)
    {
        if (connection.Dialect is null && packet.Properties?.SessionExpiryInterval is { } expiry)
        {
            // What ends with the connection cannot be made to last any more. [MQTT5-3.14.2-2]
            if (connection.SessionExpirySeconds == 0 && expiry != 0)
            {
                return Ending.Violation("A session that ends with its connection cannot be made to last by DISCONNECT. [MQTT5-3.14.2-2]");
            }

            connection.SessionExpirySeconds = Math.Min(expiry, core.Options.MaxSessionExpirySeconds);
        }

        return packet.ReasonCode == ReasonCode.Success ? Ending.Normal : Ending.WithWill;
    }
}
