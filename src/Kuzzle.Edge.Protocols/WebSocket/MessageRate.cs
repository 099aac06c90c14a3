namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>Counts a connection's messages in each second of its own. One caller at a time.</summary>
/// <param name="messagesPerSecond">The limit; 0 admits everything.</param>
/// <param name="clock">The time.</param>
internal sealed class MessageRate(int messagesPerSecond, TimeProvider clock)
{
    private long _second = clock.GetTimestamp();
    private int _count;

    /// <summary>Whether one more message may come now.</summary>
    public bool Admits()
    {
        if (messagesPerSecond == 0) return true;

        if (clock.GetElapsedTime(_second) >= TimeSpan.FromSeconds(1))
        {
            _second = clock.GetTimestamp();
            _count = 0;
        }

        return ++_count <= messagesPerSecond;
    }
}
