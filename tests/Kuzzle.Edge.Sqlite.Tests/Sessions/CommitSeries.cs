using System.Buffers.Binary;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Testing.BrokerStores;

namespace Kuzzle.Edge.Sqlite.Tests.Sessions;

/// <summary>
/// Commits that follow from their number, each with something for every table, and with its number in what a topic retains: from what a store holds follows which
/// one was the last, and then what else it must hold, to the byte.
/// </summary>
internal static class CommitSeries
{
    private const string Counter = "the/number/of/the/last/commit";
    private const int Kept = 6;

    public static BrokerCommit Commit(long number)
    {
        var changes = new List<object>();
        if (number == 1) changes.AddRange([Commits.Session(1), Commits.Session(2), Commits.Session(3)]);

        changes.Add(Commits.Session(100 * number, will: new StoredWill(Commits.Message((100 * number) + 1), 1, null)));
        changes.Add(Commits.Subscribed(100 * number, "a/#"));
        changes.Add(Commits.Subscribed(1, $"filter/{number}"));
        changes.Add(new ReceivedChange(2, (ushort)(number % 1000), IsOwned: true, Commits.Message((100 * number) + 2)));
        changes.AddRange([.. Deliveries(number)]);
        changes.Add(Commits.Retained(Commits.Message((100 * number) + 3, Counter) with { Payload = Bytes(number) }));
        if (number <= Kept) return Commits.OfTime(Commits.At.AddSeconds(number), changes);

        var old = number - Kept;
        changes.Add(Commits.Unsubscribed(1, $"filter/{old}"));
        changes.Add(new ReceivedChange(2, (ushort)(old % 1000), IsOwned: false, null));
        foreach (var delivery in Deliveries(old).Take(4)) changes.Add(delivery.Then(delivery.Delivery.Qos == 2 ? DeliveryState.Released : DeliveryState.Done, 5));
        changes.Add(100 * old);
        return Commits.OfTime(Commits.At.AddSeconds(number), changes);
    }

    /// <summary>How many of them a store has.</summary>
    public static long CountIn(StoredBroker broker)
    {
        var counter = broker.Retained.SingleOrDefault();
        return counter is null ? 0 : BinaryPrimitives.ReadInt64BigEndian(counter.Payload.Span);
    }

    /// <summary>What a store must hold that has so many of them.</summary>
    public static string TextAfter(long count)
    {
        var model = new BrokerStoreModel();
        for (var number = 1; number <= count; number++) model.Apply(Commit(number));
        return model.Load().ToText();
    }

    private static IEnumerable<DeliveryChange> Deliveries(long number)
    {
        var payload = new byte[30_000];
        new Random((int)number).NextBytes(payload);
        var message = Commits.Message((100 * number) + 4) with { Payload = payload };
        for (var session = 1; session <= 3; session++) yield return Commits.Queued(session, 2 * number, message);
        yield return Commits.Queued(2, (2 * number) + 1, Commits.Message((100 * number) + 5), qos: 2);
        yield return Commits.Queued(100 * number, 1, Commits.Message((100 * number) + 6));
    }

    private static byte[] Bytes(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
