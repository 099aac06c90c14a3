using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Koncorde;

namespace Kuzzle.Edge.Api.Realtime;

/// <summary>
/// Rooms, who is in them, and which documents concern them. One lock guards all of it; sinks are called under it, so what clients hear has the order in which
/// things happened. Nothing under the lock waits.
/// </summary>
internal sealed class RealtimeEngine(ApiOptions options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CollectionName, Collection> _collections = [];
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly Dictionary<ClientConnection, HashSet<Room>> _roomsOf = [];
    private readonly Dictionary<string, INotificationSink> _sinks = new(StringComparer.Ordinal);
    private readonly List<Room> _matches = [];

    public void AddSink(string protocol, INotificationSink sink)
    {
        lock (_lock) _sinks.Add(protocol, sink);
    }

    /// <summary>Whether connections of a protocol can be told something.</summary>
    public bool HasSink(string protocol)
    {
        lock (_lock) return _sinks.ContainsKey(protocol);
    }

    /// <summary>Tells one connection something, on a channel that it need not have asked for.</summary>
    public void Send(ClientConnection connection, string channel, ReadOnlyMemory<byte> json)
    {
        lock (_lock)
        {
            if (_sinks.TryGetValue(connection.Protocol, out var sink)) sink.Send(connection, channel, json);
        }
    }

    /// <summary>How many rooms there are, and how many connections are in any.</summary>
    public (int Rooms, int Connections) Size
    {
        get
        {
            lock (_lock) return (_rooms.Count, _roomsOf.Count);
        }
    }

    /// <summary>Puts the request's connection into the room of this filter.</summary>
    public bool TrySubscribe(
        ApiRequest request, CollectionName collection, KoncordeFilter filter, ChannelOptions wanted, out (string RoomId, string Channel) subscription, [NotNullWhen(false)] out ApiError? refusal)
    {
        var roomId = RoomId.Of(collection, filter.CanonicalText);
        subscription = (roomId, wanted.NameIn(roomId));
        refusal = null;
        lock (_lock)
        {
            if (!_rooms.TryGetValue(roomId, out var room) || !room.Members.ContainsKey(request.Connection))
            {
                refusal = FindCrowding(request.Connection);
                if (refusal is not null) return false;
            }

            if (room is null)
            {
                if (options.Limits.SubscriptionRooms > 0 && _rooms.Count >= options.Limits.SubscriptionRooms)
                {
                    refusal = RealtimeErrors.TooManyRooms();
                    return false;
                }

                room = new Room(roomId, collection);
                _rooms.Add(roomId, room);
                Of(collection).Filters.Add(filter, room);
            }

            Enter(request, room, wanted);
            return true;
        }
    }

    /// <summary>Puts the request's connection into a room that exists.</summary>
    public bool TryJoin(ApiRequest request, string roomId, ChannelOptions wanted, out string channel, [NotNullWhen(false)] out ApiError? refusal)
    {
        channel = wanted.NameIn(roomId);
        lock (_lock)
        {
            refusal = !_rooms.TryGetValue(roomId, out var room) ? RealtimeErrors.RoomNotFound(roomId)
                : !room.Members.ContainsKey(request.Connection) ? FindCrowding(request.Connection)
                : null;
            if (refusal is not null) return false;

            Enter(request, room!, wanted);
            return true;
        }
    }

    /// <summary>Takes the request's connection out of a room, whatever channels it asked for. False when it is not in it.</summary>
    public bool TryUnsubscribe(ApiRequest request, string roomId)
    {
        lock (_lock)
        {
            if (!_rooms.TryGetValue(roomId, out var room) || !room.Members.ContainsKey(request.Connection)) return false;

            Leave(request.Connection, room, request);
            return true;
        }
    }

    /// <summary>The connection has ended: it leaves all its rooms.</summary>
    public void Disconnect(ClientConnection connection)
    {
        lock (_lock)
        {
            if (!_roomsOf.TryGetValue(connection, out var rooms)) return;
            foreach (var room in rooms.ToArray()) Leave(connection, room, request: null);
        }
    }

    /// <summary>The collection of a room, or null.</summary>
    public CollectionName? CollectionOf(string roomId)
    {
        lock (_lock) return _rooms.TryGetValue(roomId, out var room) ? room.Collection : null;
    }

    public int CountIn(string roomId)
    {
        lock (_lock) return _rooms.TryGetValue(roomId, out var room) ? room.Members.Count : 0;
    }

    /// <summary>All rooms: <c>{index: {collection: {roomId: connections}}}</c>.</summary>
    public JsonObject List()
    {
        var list = new JsonObject();
        lock (_lock)
        {
            foreach (var room in _rooms.Values)
            {
                if (list[room.Collection.Index] is not JsonObject index) list[room.Collection.Index] = index = [];
                if (index[room.Collection.Collection] is not JsonObject collection) index[room.Collection.Collection] = collection = [];
                collection[room.Id] = room.Members.Count;
            }
        }

        return list;
    }

    /// <summary>The collections of an index that have rooms.</summary>
    public IReadOnlyList<string> CollectionsOf(string index)
    {
        lock (_lock) return [.. _collections.Where(entry => entry.Key.Index == index && entry.Value.Filters.Count > 0).Select(entry => entry.Key.Collection)];
    }

    /// <summary>A message that is not stored: everybody whose filter matches it hears it.</summary>
    public void Publish(ApiRequest request, CollectionName collection, JsonElement body, JsonObject result)
    {
        lock (_lock)
        {
            if (!_collections.TryGetValue(collection, out var rooms)) return;
            Match(rooms, body, request.Id);
            Notify(_matches, "in", new DocumentNotification(request, collection, "publish", "publish", result));
        }
    }

    /// <summary>A document was stored: it is, or is no longer, what some wait for.</summary>
    public void Written(ApiRequest request, CollectionName collection, StoredDocument after, string action, JsonObject result)
    {
        lock (_lock)
        {
            if (!_collections.TryGetValue(collection, out var rooms)) return;
            Match(rooms, after.Source, after.Id);
            var left = rooms.Memory.Recall(after.Id).Where(room => room.IsAlive && !_matches.Contains(room)).ToList();
            rooms.Memory.Remember(after.Id, _matches);

            var notification = new DocumentNotification(request, collection, action, "write", result);
            Notify(_matches, "in", notification);
            Notify(left, "out", notification);
        }
    }

    /// <summary>A document was removed.</summary>
    public void Deleted(ApiRequest request, CollectionName collection, StoredDocument before, JsonObject result)
    {
        lock (_lock)
        {
            if (!_collections.TryGetValue(collection, out var rooms)) return;
            rooms.Memory.Forget(before.Id);
            Match(rooms, before.Source, before.Id);
            Notify(_matches, "out", new DocumentNotification(request, collection, "delete", "delete", result));
        }
    }

    private ApiError? FindCrowding(ClientConnection connection)
    {
        var most = options.Limits.SubscriptionsPerConnection;
        return most > 0 && _roomsOf.TryGetValue(connection, out var rooms) && rooms.Count >= most ? RealtimeErrors.TooManyRoomsOfOne() : null;
    }

    private void Match(Collection rooms, JsonElement document, string? id)
    {
        _matches.Clear();
        rooms.Filters.CollectMatches(document, id, _matches);
    }

    private void Notify(List<Room> rooms, string scope, DocumentNotification notification)
    {
        if (rooms.Count == 0) return;

        var channels = rooms.SelectMany(room => room.ChannelsFor(channel => channel.WantsDocuments(scope))).ToList();
        if (channels.Count > 0) Broadcast(new Notification(channels, notification.ToJson(scope, options.NodeName)));
    }

    private void Enter(ApiRequest request, Room room, ChannelOptions wanted)
    {
        var isNew = !room.Members.TryGetValue(request.Connection, out var member);
        if (member is null)
        {
            // A copy, for the element holds the bytes of the whole request, as long as the subscription lives.
            var metadata = request.Volatile.ValueKind == JsonValueKind.Undefined ? default : request.Volatile.Clone();
            member = new Room.Member(metadata, new HashSet<string>(StringComparer.Ordinal));
            room.Members.Add(request.Connection, member);
            if (!_roomsOf.TryGetValue(request.Connection, out var rooms)) _roomsOf.Add(request.Connection, rooms = []);
            rooms.Add(room);
        }

        var name = wanted.NameIn(room.Id);

        _sinks.TryGetValue(request.Connection.Protocol, out var sink);

        // The newcomer hears of its own coming only on a channel that was there before, unless its dialect wants it to.
        var hearsItself = sink is not null && sink.TellsNewcomer(request.Connection);
        if (isNew && !hearsItself) NotifyUsers(room, request, "in", request.Connection.Protocol, request.Volatile);
        if (member.Channels.Add(name))
        {
            if (!room.Channels.TryGetValue(name, out var channel)) room.Channels.Add(name, channel = new Room.Channel(wanted));
            channel.Subscribers++;
            sink?.Join(request.Connection, name);
        }

        if (isNew && hearsItself) NotifyUsers(room, request, "in", request.Connection.Protocol, request.Volatile);
    }

    private void Leave(ClientConnection connection, Room room, ApiRequest? request)
    {
        room.Members.Remove(connection, out var member);
        foreach (var name in member!.Channels)
        {
            if (--room.Channels[name].Subscribers == 0) room.Channels.Remove(name);
            if (_sinks.TryGetValue(connection.Protocol, out var sink)) sink.Leave(connection, name);
        }

        var rooms = _roomsOf[connection];
        rooms.Remove(room);
        if (rooms.Count == 0) _roomsOf.Remove(connection);
        if (room.IsAlive)
        {
            NotifyUsers(room, request, "out", connection.Protocol, member.Volatile);
            return;
        }

        _rooms.Remove(room.Id);
        var collection = _collections[room.Collection];
        collection.Filters.Remove(room);
        if (collection.Filters.Count == 0) _collections.Remove(room.Collection);
    }

    private void NotifyUsers(Room room, ApiRequest? request, string user, string protocol, JsonElement metadata)
    {
        var channels = room.ChannelsFor(channel => channel.WantsUsers(user));
        if (channels.Count == 0) return;

        var action = request?.Action ?? "unsubscribe";
        var timestamp = request?.Timestamp ?? clock.GetUtcNow().ToUnixTimeMilliseconds();
        Broadcast(new Notification(
            channels, new UserNotification(room.Collection, user, room.Members.Count, timestamp, metadata, action, protocol).ToJson(options.NodeName)));
    }

    private void Broadcast(Notification notification)
    {
        foreach (var sink in _sinks.Values) sink.Broadcast(notification);
    }

    private Collection Of(CollectionName name)
    {
        if (!_collections.TryGetValue(name, out var collection))
        {
            _collections.Add(name, collection = new Collection(new FilterIndex<Room>(), new MatchMemory(clock, options.Limits.SubscriptionDocumentTtl)));
        }

        return collection;
    }

    private sealed record Collection(FilterIndex<Room> Filters, MatchMemory Memory);
}
