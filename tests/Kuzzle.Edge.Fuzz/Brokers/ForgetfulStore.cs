using Kuzzle.Edge.Broker.Storage;

namespace Kuzzle.Edge.Fuzz.Brokers;

/// <summary>A store that the broker believes to be durable: all that durability makes the broker do is done, and nothing is kept.</summary>
internal sealed class ForgetfulStore : IBrokerStore
{
    public bool IsDurable => true;

    public StoredBroker Load() => new(null, 0, [], []);

    public void Commit(BrokerCommit commit)
    {
        if (commit.IsEmpty) throw new Finding("an empty commit was written");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
