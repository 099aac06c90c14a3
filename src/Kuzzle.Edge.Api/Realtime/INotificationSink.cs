using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Realtime;

/// <summary>
/// How notifications leave: one sink for each protocol. Called in the order in which things happened, one call at a time, by the thread that made
/// them happen: an implementation queues or sends without waiting.
/// </summary>
public interface INotificationSink
{
    /// <summary>
    /// Whether a connection that comes into a room hears of its own coming, on the channel that it has just asked for. Kuzzle 2 says no, Kuzzle of 2015 said yes.
    /// </summary>
    bool TellsNewcomer(ClientConnection connection) => false;

    /// <summary>A connection of this sink's protocol asked for a channel; idempotent.</summary>
    void Join(ClientConnection connection, string channel);

    /// <summary>A connection no longer wants a channel.</summary>
    void Leave(ClientConnection connection, string channel);

    /// <summary>Sends to all who listen on the channels.</summary>
    void Broadcast(Notification notification);

    /// <summary>Sends to one connection only, on one channel, whether it asked for the channel or not.</summary>
    void Send(ClientConnection connection, string channel, ReadOnlyMemory<byte> json);
}
