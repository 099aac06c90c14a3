using System.Collections.Concurrent;
using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Protocols.KuzzleLegacy;
using Kuzzle.Edge.Protocols.Realtime;

namespace Kuzzle.Edge.Protocols.KuzzleV2;

/// <summary>
/// Notifications to MQTT clients: an ordinary message on the topic that is named like the channel, at QoS 0 and not retained, to whoever subscribed to
/// that topic. Kuzzle makes no relation between the two subscriptions, so neither do we.
/// </summary>
/// <param name="legacy">The same for clients of 2015, on other topics and in another shape; null when their dialect is off.</param>
internal sealed class MqttNotificationSink(
    KuzzleMqttOptions options, MqttBroker broker, LiveChannels liveChannels, LegacyNotifications? legacy = null) : INotificationSink
{
    private readonly ConcurrentDictionary<ClientConnection, IMqttClient> _clients = new();

    /// <summary>Makes a connection reachable for what is sent to it alone; to be followed by <see cref="Remove"/>.</summary>
    public void Add(ClientConnection connection, IMqttClient client) => _clients[connection] = client;

    /// <summary>The connection has ended.</summary>
    public void Remove(ClientConnection connection) => _clients.TryRemove(connection, out _);

    /// <inheritdoc/>
    public bool TellsNewcomer(ClientConnection connection) => legacy is not null && legacy.Owns(connection);

    /// <inheritdoc/>
    public void Join(ClientConnection connection, string channel)
    {
        if (TellsNewcomer(connection)) legacy!.Join(connection, channel);
        else liveChannels.Join(connection, channel);
    }

    /// <inheritdoc/>
    public void Leave(ClientConnection connection, string channel)
    {
        if (TellsNewcomer(connection)) legacy!.Leave(connection, channel);
        else liveChannels.Leave(connection, channel);
    }

    /// <inheritdoc/>
    public void Broadcast(Notification notification)
    {
        foreach (var channel in notification.Channels) broker.Publish(new MqttMessage(channel, notification.Json));
        legacy?.Broadcast(notification);
    }

    /// <inheritdoc/>
    public void Send(ClientConnection connection, string channel, ReadOnlyMemory<byte> json)
    {
        if (options.RealtimeNotifications && _clients.TryGetValue(connection, out var client)) client.Send(new MqttMessage(channel, json));
    }
}
