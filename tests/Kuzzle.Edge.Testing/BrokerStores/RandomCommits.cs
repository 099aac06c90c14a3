using System.Globalization;
using Kuzzle.Edge.Broker.Storage;

namespace Kuzzle.Edge.Testing.BrokerStores;

/// <summary>
/// Random commits that a broker might make, and such as it hardly would: for sessions that have ended or never were, that end in the commit in which they begin, of
/// messages that many clients wait for, of empty and of long content. They follow from a model, which is changed with each of them.
/// </summary>
public sealed class RandomCommits(Random random, BrokerStoreModel model)
{
    private readonly List<StoredMessage> _recent = [];
    private long _number;
    private long _sequence;

    /// <summary>The next one. Not applied to the model.</summary>
    public BrokerCommit Next()
    {
        var sessions = model.Sessions.ToList();
        var removed = sessions.Where(_ => random.Next(12) == 0).ToList();
        var changes = new List<object>();
        changes.AddRange(Sessions(sessions, removed));
        var mentioned = sessions.Concat(changes.OfType<StoredSession>().Select(session => session.Number)).Distinct().ToList();
        for (var i = random.Next(8); i > 0; i--) changes.Add(Subscription(AnySession(mentioned)));
        for (var i = random.Next(8); i > 0; i--) changes.Add(Received(AnySession(mentioned)));
        changes.AddRange(OldDeliveries());
        for (var i = random.Next(20); i > 0; i--) changes.AddRange(NewDeliveries(mentioned));
        for (var i = random.Next(5); i > 0; i--) changes.Add(Retained());
        foreach (var number in removed) changes.Add(number);
        if (random.Next(3) == 0) changes.Add(AnySession(mentioned));
        if (random.Next(5) == 0) changes.Add(_number + 1000);
        return Commits.OfTime(Commits.At.AddTicks(random.NextInt64(1_000_000_000_000)), changes);
    }

    private IEnumerable<StoredSession> Sessions(List<long> stored, List<long> removed)
    {
        foreach (var number in stored.Where(number => !removed.Contains(number) && random.Next(4) == 0)) yield return Session(number, ClientOf(number));

        // A client whose session ends now may have its next one in the same commit.
        foreach (var number in removed.Where(_ => random.Next(2) == 0)) yield return Session(++_number, ClientOf(number));
        if (random.Next(2) == 0) yield return Session(++_number, string.Create(CultureInfo.InvariantCulture, $"client {_number}"));
    }

    private string ClientOf(long number) => model.Load().Sessions.Single(session => session.Session.Number == number).Session.ClientId;

    private StoredSession Session(long number, string clientId)
    {
        StoredWill? will = null;
        if (random.Next(3) == 0) will = new StoredWill(Message() with { ExpiresAt = null }, (uint)random.NextInt64(uint.MaxValue + 1L), random.Next(2) == 0 ? null : uint.MaxValue);
        return new StoredSession(number, clientId, (uint)random.NextInt64(uint.MaxValue + 1L), random.Next(2) == 0 ? null : AnyTime(), will)
        {
            Owner = random.Next(2) == 0 ? null : $"owner {random.Next(3)}",
        };
    }

    /// <summary>Mostly one of those that are mentioned, sometimes one that is not there.</summary>
    private long AnySession(List<long> mentioned) =>
        mentioned.Count > 0 && random.Next(5) > 0 ? mentioned[random.Next(mentioned.Count)] : random.NextInt64(1, _number + 100);

    private SubscriptionChange Subscription(long session)
    {
        var filter = Commits.Utf8($"filter/{random.Next(5)}/#");
        return random.Next(3) == 0
            ? new SubscriptionChange(session, filter, null)
            : new SubscriptionChange(session, filter, new StoredSubscription(filter, random.Next(268_435_456), (byte)random.Next(3), random.Next(2) == 0, random.Next(2) == 0));
    }

    private ReceivedChange Received(long session) =>
        new(session, (ushort)(random.Next(2) == 0 ? random.Next(1, 6) : 65_535), random.Next(3) > 0, random.Next(2) == 0 ? Message() : null);

    private IEnumerable<object> OldDeliveries()
    {
        foreach (var change in model.Deliveries.Where(_ => random.Next(3) == 0).ToList())
        {
            var state = change.State == DeliveryState.Released || random.Next(2) == 0 ? DeliveryState.Done
                : change.Delivery.Qos == 2 && random.Next(2) == 0 ? DeliveryState.Released
                : random.Next(4) == 0 ? DeliveryState.Queued : DeliveryState.Sent;

            // What was loaded after its release has lost its message.
            var delivery = change.State == DeliveryState.Released && random.Next(2) == 0 ? change.Delivery with { Message = null } : change.Delivery;
            yield return new DeliveryChange(delivery, IsNew: false, state, AnyPacket(state));
        }
    }

    private IEnumerable<object> NewDeliveries(List<long> mentioned)
    {
        var message = AnyMessage();
        for (var i = random.Next(4) == 0 ? random.Next(10) : 1; i > 0; i--)
        {
            var qos = (byte)random.Next(1, 3);
            var identifiers = Enumerable.Range(0, random.Next(20) == 0 ? 100 : random.Next(3)).Select(_ => random.Next(1, 268_435_456)).ToArray();
            var delivery = new StoredDelivery(
                AnySession(mentioned), ++_sequence, message, qos, random.Next(2) == 0, identifiers, random.Next(3) == 0 ? Commits.Utf8("group/a/#") : ReadOnlyMemory<byte>.Empty);
            var state = (DeliveryState)random.Next(qos == 2 ? 3 : 2);
            yield return new DeliveryChange(delivery, IsNew: true, state, AnyPacket(state));
        }
    }

    private ushort AnyPacket(DeliveryState state) => state == DeliveryState.Queued ? (ushort)0 : (ushort)random.Next(1, 65_536);

    private RetainedChange Retained()
    {
        if (random.Next(3) == 0) return Commits.Cleared($"topic/{random.Next(20)}");

        return Commits.Retained(AnyMessage() is var message && random.Next(2) == 0 ? message : Message());
    }

    private StoredMessage AnyMessage()
    {
        var waiting = model.Deliveries.Select(change => change.Delivery.Message).OfType<StoredMessage>().Concat(model.Retained).Concat(_recent).ToList();
        return waiting.Count > 0 && random.Next(3) == 0 ? waiting[random.Next(waiting.Count)] : Message();
    }

    private StoredMessage Message()
    {
        var message = new StoredMessage(
            ++_number,
            Commits.Utf8($"topic/{random.Next(20)}"),
            Bytes(random.Next(3) == 0 ? random.Next(40) : 0),
            Bytes(random.Next(20) == 0 ? random.Next(20_000) : random.Next(50)),
            (byte)random.Next(3),
            random.Next(2) == 0,
            random.Next(2) == 0 ? null : AnyTime())
        {
            Publisher = random.Next(2) == 0 ? null : $"client {random.Next(3)}",
        };
        _recent.Add(message);
        if (_recent.Count > 10) _recent.RemoveAt(0);
        return message;
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private DateTimeOffset AnyTime() => random.Next(10) switch
    {
        0 => DateTimeOffset.MinValue,
        1 => DateTimeOffset.MaxValue,
        _ => Commits.At.AddTicks(random.NextInt64(1_000_000_000_000)),
    };
}
