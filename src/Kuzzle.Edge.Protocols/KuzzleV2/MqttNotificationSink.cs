using System.Collections.Concurrent;
using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Protocols.Realtime;

namespace Kuzzle.Edge.Protocols.KuzzleV2;

/// <summary>
/// Notifications to MQTT clients: an ordinary message on the topic that is named like the channel, at QoS 0 and not retained, to whoever subscribed to
/// that topic. Kuzzle makes no relation between the two subscriptions, so neither do we.
/// </summary>
internal sealed class MqttNotificationSink(KuzzleMqttOptions options, MqttBroker broker, LiveChannels liveChannels) : INotificationSink
{
    private readonly ConcurrentDictionary<ClientConnection, IMqttClient> _clients = new();

    /// <summary>Makes a connection reachable for what is sent to it alone; to be followed by <see cref="Remove"/>.</summary>
    public void Add(ClientConnection connection, IMqttClient client) => _clients[connection] = client;

    /// <summary>The connection has ended.</summary>
    public void Remove(ClientConnection connection) => _clients.TryRemove(connection, out _);

    /// <inheritdoc/>
    public void Join(ClientConnection connection, string channel) => liveChannels.Join(connection, channel);

    /// <inheritdoc/>
    public void Leave(ClientConnection connection, string channel) => liveChannels.Leave(connection, channel);

    /// <inheritdoc/>
    public void Broadcast(Notification notification)
    {
        foreach (var channel in notification.Channels) broker.Publish(new MqttMessage(channel, notification.Json));
    }

    /// <inheritdoc/>
    public void Send(ClientConnection connection, string channel, ReadOnlyMemory<byte> json)
    {
        if (options.RealtimeNotifications && _clients.TryGetValue(connection, out var client)) client.Send(new MqttMessage(channel, json));
    }
}
