using System.Globalization;
using System.Text;
using Kuzzle.Edge.Broker.Storage;

namespace Kuzzle.Edge.Testing.BrokerStores;

/// <summary>Commits and what is in them, in few words.</summary>
public static class Commits
{
    /// <summary>When all commits take place, but for those that say otherwise.</summary>
    public static readonly DateTimeOffset At = DateTimeOffset.Parse("2024-06-01T10:00:00Z", CultureInfo.InvariantCulture);

    /// <summary>A commit of changes of all kinds; a number is a session that is removed.</summary>
    public static BrokerCommit Of(params IEnumerable<object> changes)
    {
        var commit = new BrokerCommit { At = At };
        foreach (var change in changes) Add(commit, change);
        return commit;
    }

    /// <summary>The same at another time.</summary>
    public static BrokerCommit OfTime(DateTimeOffset at, params IEnumerable<object> changes)
    {
        var commit = Of(changes);
        commit.At = at;
        return commit;
    }

    /// <summary>A session whose client is connected.</summary>
    public static StoredSession Session(long number, string? clientId = null, StoredWill? will = null) =>
        new(number, clientId ?? string.Create(CultureInfo.InvariantCulture, $"client {number}"), uint.MaxValue, null, will);

    /// <summary>A message of QoS 1.</summary>
    public static StoredMessage Message(long number, string topic = "a/topic", string payload = "payload") =>
        new(number, Utf8(topic), ReadOnlyMemory<byte>.Empty, Utf8(payload), 1, Retain: false, null);

    /// <summary>A message that waits for a client, not stored before.</summary>
    public static DeliveryChange Queued(long session, long sequence, StoredMessage message, byte qos = 1) =>
        new(new StoredDelivery(session, sequence, message, qos, Retain: false, ReadOnlyMemory<int>.Empty, ReadOnlyMemory<byte>.Empty), IsNew: true, DeliveryState.Queued, 0);

    /// <summary>The same one later.</summary>
    public static DeliveryChange Then(this DeliveryChange change, DeliveryState state, ushort packetIdentifier = 0) =>
        change with { IsNew = false, State = state, PacketIdentifier = packetIdentifier };

    /// <summary>A subscription without options.</summary>
    public static SubscriptionChange Subscribed(long session, string filter, byte qos = 1) =>
        new(session, Utf8(filter), new StoredSubscription(Utf8(filter), 0, qos, NoLocal: false, RetainAsPublished: false));

    /// <summary>One that goes.</summary>
    public static SubscriptionChange Unsubscribed(long session, string filter) => new(session, Utf8(filter), null);

    /// <summary>What a topic retains.</summary>
    public static RetainedChange Retained(StoredMessage message) => new(message.Topic, message);

    /// <summary>A topic that retains nothing any more.</summary>
    public static RetainedChange Cleared(string topic) => new(Utf8(topic), null);

    /// <summary>The bytes of a text.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static void Add(BrokerCommit commit, object change)
    {
        switch (change)
        {
            case StoredSession session: commit.SessionList.Add(session); break;
            case SubscriptionChange subscription: commit.SubscriptionList.Add(subscription); break;
            case ReceivedChange received: commit.ReceivedList.Add(received); break;
            case DeliveryChange delivery: commit.DeliveryList.Add(delivery); break;
            case RetainedChange retained: commit.RetainedList.Add(retained); break;
            case long removed: commit.RemovedSessionList.Add(removed); break;
            case int removed: commit.RemovedSessionList.Add(removed); break;
            default: throw new ArgumentException($"{change} is no change of a broker.", nameof(change));
        }
    }
}
