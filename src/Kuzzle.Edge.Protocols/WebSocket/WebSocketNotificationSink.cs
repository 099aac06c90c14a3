using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Protocols.Realtime;
using Kuzzle.Edge.Protocols.Requests;

namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>Notifications to WebSocket clients: to the connections that joined a channel, each object with its <c>room</c>.</summary>
internal sealed class WebSocketNotificationSink(LiveChannels liveChannels) : INotificationSink
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ClientConnection, MessageSender> _senders = [];
    private readonly Dictionary<string, HashSet<ClientConnection>> _channels = new(StringComparer.Ordinal);

    /// <summary>Makes a connection reachable; to be followed by <see cref="Remove"/>.</summary>
    public void Add(ClientConnection connection, MessageSender sender)
    {
        lock (_lock) _senders.Add(connection, sender);
    }

    /// <summary>The connection has ended. Its channels are left one by one, when the API takes it out of its rooms.</summary>
    public void Remove(ClientConnection connection)
    {
        lock (_lock) _senders.Remove(connection);
    }

    /// <inheritdoc/>
    public void Join(ClientConnection connection, string channel)
    {
        lock (_lock)
        {
            if (!_channels.TryGetValue(channel, out var members)) _channels.Add(channel, members = []);
            members.Add(connection);
        }

        liveChannels.Join(connection, channel);
    }

    /// <inheritdoc/>
    public void Leave(ClientConnection connection, string channel)
    {
        lock (_lock)
        {
            if (_channels.TryGetValue(channel, out var members) && members.Remove(connection) && members.Count == 0) _channels.Remove(channel);
        }

        liveChannels.Leave(connection, channel);
    }

    /// <inheritdoc/>
    public void Broadcast(Notification notification)
    {
        lock (_lock)
        {
            foreach (var channel in notification.Channels)
            {
                if (!_channels.TryGetValue(channel, out var members)) continue;

                var message = RoomJson.With(notification.Json.Span, channel);
                foreach (var member in members)
                {
                    if (_senders.TryGetValue(member, out var sender)) sender.Send(message); // only queues, so the lock is short
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Send(ClientConnection connection, string channel, ReadOnlyMemory<byte> json)
    {
        lock (_lock)
        {
            if (_senders.TryGetValue(connection, out var sender)) sender.Send(RoomJson.With(json.Span, channel));
        }
    }
}
