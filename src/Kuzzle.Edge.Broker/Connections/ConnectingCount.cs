namespace Kuzzle.Edge.Broker.Connections;

/// <summary>How many connections have not been let in yet.</summary>
internal sealed class ConnectingCount
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave() => Interlocked.Decrement(ref _count);
}
