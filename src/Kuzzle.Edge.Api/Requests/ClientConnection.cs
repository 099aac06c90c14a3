using Kuzzle.Edge.Api.Security.Tokens;

namespace Kuzzle.Edge.Api.Requests;

/// <summary>
/// One connection of one client, whatever protocol it speaks. Realtime subscriptions belong to a connection and end with it.
/// Compared by reference: two connections are never equal.
/// </summary>
public sealed class ClientConnection(string protocol, string? remoteAddress)
{
    /// <summary>A random UUID; Kuzzle shows it in the props of some errors. Not the MQTT client identifier.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>The name Kuzzle gives the protocol in notifications: <c>mqtt</c>, <c>websocket</c>, <c>http</c> or <c>internal</c>.</summary>
    public string Protocol { get; } = protocol;

    /// <summary>The peer's address, or null where there is none (in-process requests).</summary>
    public string? RemoteAddress { get; } = remoteAddress;

    /// <summary>As whom it logged in when it connected; requests without a token of their own run by this one. Null for connections that showed nothing.</summary>
    internal Token? Login { get; set; }

    /// <summary>The token it used last: when that one ends, its subscriptions do. Guarded by the register of tokens.</summary>
    internal Token? Linked { get; set; }
}
