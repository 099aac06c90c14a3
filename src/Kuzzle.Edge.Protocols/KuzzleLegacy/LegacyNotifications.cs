using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>
/// Notifications in the shape of 2015, on the topics of the rooms' names. Beside <c>mqtt.&lt;room name&gt;</c> the pages and the code of that time named the bare room name and
/// the room's id; whoever listens on one of them hears each once.
/// </summary>
/// <param name="mayUse">Whether a bare name may be a topic: nobody may make the gateway speak on the topics of others.</param>
/// <param name="publish">Publishes on a topic.</param>
internal sealed class LegacyNotifications(Func<string, bool> mayUse, Action<string, ReadOnlyMemory<byte>> publish)
{
    private readonly ConcurrentDictionary<ClientConnection, LegacySubscription> _expected = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<LegacySubscription>> _channels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _live = new(StringComparer.Ordinal);

    /// <summary>The connection of this subscription is going to ask for channels; to be followed by <see cref="Forget"/>.</summary>
    public void Expect(LegacySubscription subscription) => _expected[subscription.Connection] = subscription;

    /// <summary>The subscription has ended, after it left its channels.</summary>
    public void Forget(LegacySubscription subscription) => _expected.TryRemove(subscription.Connection, out _);

    /// <summary>Whether a connection is a subscription of the dialect.</summary>
    public bool Owns(ClientConnection connection) => _expected.ContainsKey(connection);

    /// <summary>Whether notifications are published on a topic, so that clients may not.</summary>
    public bool IsLive(string topic)
    {
        lock (_lock) return _live.ContainsKey(topic);
    }

    public void Join(ClientConnection connection, string channel)
    {
        if (!_expected.TryGetValue(connection, out var subscription)) return;

        lock (_lock)
        {
            if (!_channels.TryGetValue(channel, out var members)) _channels.Add(channel, members = []);
            members.Add(subscription);
            subscription.Topics = [.. TopicsOf(subscription, RoomOf(channel))];
            foreach (var topic in subscription.Topics) _live[topic] = _live.GetValueOrDefault(topic) + 1;
        }
    }

    public void Leave(ClientConnection connection, string channel)
    {
        if (!_expected.TryGetValue(connection, out var subscription)) return;

        lock (_lock)
        {
            if (!_channels.TryGetValue(channel, out var members) || !members.Remove(subscription)) return;

            if (members.Count == 0) _channels.Remove(channel);
            foreach (var topic in subscription.Topics)
            {
                if (--_live[topic] == 0) _live.Remove(topic);
            }
        }
    }

    /// <summary>Tells the dialect's subscribers, if there are any on these channels.</summary>
    public void Broadcast(Notification notification)
    {
        Dictionary<string, List<LegacySubscription>>? concerned = null;
        lock (_lock)
        {
            foreach (var channel in notification.Channels)
            {
                if (!_channels.TryGetValue(channel, out var members)) continue;

                concerned ??= new(StringComparer.Ordinal);
                concerned.TryAdd(RoomOf(channel), [.. members]);
            }
        }

        if (concerned is null) return;

        using var document = JsonDocument.Parse(notification.Json);
        if (document.RootElement.GetProperty("type").ValueEquals("user"u8)) TellOfUser(document.RootElement, concerned);
        else TellOfDocument(document.RootElement, concerned);
    }

    private void TellOfUser(JsonElement notification, Dictionary<string, List<LegacySubscription>> rooms)
    {
        foreach (var (roomId, members) in rooms)
        {
            var json = LegacyAnswer.Write(error: null, new JsonObject
            {
                ["roomId"] = roomId,
                ["controller"] = "subscribe",
                ["action"] = notification.GetProperty("user").ValueEquals("in"u8) ? "on" : "off",
                ["count"] = LegacyJson.NodeOf(notification.GetProperty("result").GetProperty("count")),
            });
            foreach (var topic in members.SelectMany(member => member.Topics).Distinct(StringComparer.Ordinal)) publish(topic, json);
        }
    }

    private void TellOfDocument(JsonElement notification, Dictionary<string, List<LegacySubscription>> rooms)
    {
        var action = notification.GetProperty("action").GetString() switch
        {
            "create" or "publish" => "create",
            "delete" => "delete",
            _ => "update",
        };
        var told = notification.GetProperty("result");
        var result = new JsonObject();

        // A message that is not stored has no identifier, and what has left or was deleted no content: so clients of 2015 tell them apart.
        var isStored = !notification.GetProperty("event").ValueEquals("publish"u8);
        if (isStored && told.TryGetProperty("_id", out var id)) result["_id"] = LegacyJson.NodeOf(id);
        if (action != "delete" && notification.GetProperty("scope").ValueEquals("in"u8) && told.TryGetProperty("_source", out var source))
        {
            result["_source"] = LegacyDocuments.WithoutMetadata(LegacyJson.NodeOf(source));
        }

        result["action"] = action;
        result["collection"] = LegacyJson.NodeOf(notification.GetProperty("collection"));
        result["controller"] = "write";
        result["requestId"] = LegacyJson.NodeOf(notification.GetProperty("requestId"));
        var json = LegacyAnswer.Write(error: null, result);
        foreach (var topic in rooms.Values.SelectMany(members => members.SelectMany(member => member.Topics)).Distinct(StringComparer.Ordinal)) publish(topic, json);
    }

    private IEnumerable<string> TopicsOf(LegacySubscription subscription, string roomId)
    {
        yield return LegacyNames.TopicOf(subscription.RoomName);
        yield return LegacyNames.SlashedTopicOf(subscription.RoomName);
        if (mayUse(subscription.RoomName)) yield return subscription.RoomName;
        yield return roomId;
    }

    private static string RoomOf(string channel) => channel[..channel.IndexOf('-', StringComparison.Ordinal)];
}
