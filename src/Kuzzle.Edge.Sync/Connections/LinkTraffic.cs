namespace Kuzzle.Edge.Sync.Connections;

/// <summary>Counts what goes over the link, before any compression of a WebSocket. May be told and asked from any thread.</summary>
internal sealed class LinkTraffic
{
    private long _sent;
    private long _received;

    /// <summary>Bytes of requests since the link began.</summary>
    public long SentBytes => Interlocked.Read(ref _sent);

    /// <summary>Bytes of answers and notifications since then.</summary>
    public long ReceivedBytes => Interlocked.Read(ref _received);

    public void Sent(int bytes) => Interlocked.Add(ref _sent, bytes);

    public void Received(int bytes) => Interlocked.Add(ref _received, bytes);
}
