using Kuzzle.Edge.Broker.Clients;
using Kuzzle.Edge.Broker.Metrics;
using Kuzzle.Edge.Broker.Sessions;
using Kuzzle.Edge.Broker.Subscriptions;
using Kuzzle.Edge.Broker.Timing;

namespace Kuzzle.Edge.Broker.Delivery;

/// <summary>Brings a message to the retained store and to everybody who subscribed. The one way for all of them: clients', wills and the program's own.</summary>
internal sealed class Router(BrokerCore core)
{
    private static readonly Comparison<Subscription> BySession = (a, b) => a.Session.Number.CompareTo(b.Session.Number);

    /// <summary>Delivers a message.</summary>
    /// <param name="publication">The message.</param>
    /// <param name="publisher">The session it came from, or null.</param>
    /// <param name="batch">The caller's batch. The caller holds no lock.</param>
    /// <returns>Whether anybody had subscribed.</returns>
    public bool Route(Publication publication, Session? publisher, DeliveryBatch batch)
    {
        _ = TryRetain(publication, publisher, batch);
        return Deliver(publication, publisher, batch);
    }

    /// <summary>Brings a message to the retained store, if it is for it.</summary>
    /// <returns>False when the store is full.</returns>
    public bool TryRetain(Publication publication, Session? publisher, DeliveryBatch batch)
    {
        if (!publication.Retain) return true;

        publication.Publisher = publisher?.ClientId;

        if (!core.Retained.TryStore(publication, out var ticket))
        {
            core.Metrics.Dropped(DropReason.RetainedFull);
            return false;
        }

        batch.Owe(ticket);
        return true;
    }

    /// <summary>Brings a message to all who subscribed.</summary>
    /// <inheritdoc cref="Route(Publication,Session,DeliveryBatch)"/>
    public bool Deliver(Publication publication, Session? publisher, DeliveryBatch batch)
    {
        var search = batch.Search;
        search.Matches.Clear();
        core.Tree.CollectMatches(publication.Topic.Span, search);
        if (search.Matches.Count == 0) return false;

        foreach (var member in search.Matches)
        {
            if (member is not Subscription subscription)
            {
                if (member is SharedGroup group) Share(publication, group, publisher, batch);
                else ((ProgramSubscription)member).Offer(publication);
                continue;
            }

            if (subscription.Session.MayOverlap && search.Matches.Count > 1) batch.Overlapping.Add(subscription);
            else subscription.Session.Deliver(publication, [subscription], publisher, batch);
        }

        if (batch.Overlapping.Count > 0) DeliverOverlapping(publication, publisher, batch);
        batch.FlushIfLarge();
        return true;
    }

    /// <summary>Publishes a will, whose own expiry begins now.</summary>
    public void Route(Will will, DeliveryBatch batch)
    {
        var message = will.Publication;
        var expires = will.ExpirySeconds is { } seconds ? batch.Now + (seconds * 1000L) : BrokerClock.Never;
        var publication = batch.Handle(message.Topic, message.Properties, message.Payload, message.Qos, message.Retain, expires);
        if (will.Taker is { } taker) taker.Profile.Take(taker, MessageEncoding.Read(publication, will.ExpirySeconds));
        else RouteWill(publication, will.Session, batch);
    }

    /// <summary>Whether a message on this topic would reach anybody.</summary>
    public bool HasSubscribers(ReadOnlySpan<byte> topic)
    {
        var batch = core.Batches.Rent();
        core.Tree.CollectMatches(topic, batch.Search);
        var any = batch.Search.Matches.Count > 0;
        core.Batches.Finish(batch);
        return any;
    }

    private void RouteWill(Publication publication, Session publisher, DeliveryBatch batch)
    {
        _ = Route(publication, publisher, batch);
        core.Events.Published(publication, client: null);
    }

    /// <summary>Gives a shared message to the next member; a member whose session ends just now passes it on.</summary>
    public static void Share(Publication publication, SharedGroup group, Session? publisher, DeliveryBatch batch)
    {
        // Who refuses because its session ends is no longer a member then. Others may refuse what they may not read, so there is an end to asking.
        for (var attempts = Math.Min(group.Count, 1000) + 8; attempts > 0; attempts--)
        {
            if (group.Next() is not { } member) return;
            if (member.Session.Deliver(publication, [member], publisher, batch)) return;
        }
    }

    /// <summary>One copy for each session, with the options of all its subscriptions that match. [MQTT5-3.3.4-2]</summary>
    private static void DeliverOverlapping(Publication publication, Session? publisher, DeliveryBatch batch)
    {
        var overlapping = batch.Overlapping;
        if (overlapping.Count > 1) overlapping.Sort(BySession);
        var span = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(overlapping);
        for (var start = 0; start < span.Length;)
        {
            var session = span[start].Session;
            var end = start + 1;
            while (end < span.Length && span[end].Session == session) end++;
            _ = session.Deliver(publication, span[start..end], publisher, batch);
            start = end;
        }

        overlapping.Clear();
    }
}
