using Kuzzle.Edge.Api.Security.Tokens;

namespace Kuzzle.Edge.Api.Requests;

/// <summary>
/// One connection of one client, whatever protocol it speaks. Realtime subscriptions belong to a connection and end with it.
/// Compared by reference: two connections are never equal.
/// </summary>
public sealed class ClientConnection(string protocol, string? remoteAddress)
{
    private int _isOpen;
    private long _rate;

    /// <summary>A random UUID; Kuzzle shows it in the props of some errors. Not the MQTT client identifier.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>The name Kuzzle gives the protocol in notifications: <c>mqtt</c>, <c>websocket</c>, <c>http</c> or <c>internal</c>.</summary>
    public string Protocol { get; } = protocol;

    /// <summary>The peer's address, or null where there is none (in-process requests).</summary>
    public string? RemoteAddress { get; } = remoteAddress;

    /// <summary>Marks it as open; false when it was already.</summary>
    internal bool TryOpen() => Interlocked.CompareExchange(ref _isOpen, 1, 0) == 0;

    /// <summary>Marks it as closed; false when it was not open.</summary>
    internal bool TryClose() => Interlocked.Exchange(ref _isOpen, 0) == 1;

    /// <summary>Counts a request within its second; false when there were as many as allowed.</summary>
    internal bool TryCount(long timestamp, int maxPerSecond)
    {
        // Second and count in one number, so that requests of one connection that run side by side need no lock.
        var second = timestamp / 1000;
        while (true)
        {
            var before = Volatile.Read(ref _rate);
            var count = before >> 20 == second ? before & 0xF_FFFF : 0;
            if (count >= maxPerSecond) return false;
            if (Interlocked.CompareExchange(ref _rate, (second << 20) | (count + 1), before) == before) return true;
        }
    }

    /// <summary>As whom it logged in when it connected; requests without a token of their own run by this one. Null for connections that showed nothing.</summary>
    internal Token? Login { get; set; }

    /// <summary>The token it used last: when that one ends, its subscriptions do. Guarded by the register of tokens.</summary>
    internal Token? Linked { get; set; }
}
