using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>What an operator wants to know of a bridge, at one moment.</summary>
/// <param name="State">How the connection to the other side stands.</param>
/// <param name="Since">Since when.</param>
/// <param name="Reason">Why it is not online, in a sentence; null while it is.</param>
/// <param name="Sent">How many messages the other side has taken since the process began.</param>
/// <param name="Received">How many of its messages were published here.</param>
/// <param name="Dropped">How many were refused by the other side, could not be carried, or came back in a loop.</param>
/// <param name="LastError">Why the connection ended, or could not be made, the last time; null if that has not happened.</param>
public sealed record BridgeStatus(LinkState State, DateTimeOffset Since, string? Reason, long Sent, long Received, long Dropped, string? LastError);
