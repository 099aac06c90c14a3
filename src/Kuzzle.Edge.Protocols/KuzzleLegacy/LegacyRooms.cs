using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>The controller <c>subscribe</c>: who is in which room, under which name. Safe from any thread.</summary>
/// <param name="disconnect">Tells the API that a connection has gone.</param>
internal sealed class LegacyRooms(LegacyApi api, LegacyNotifications notifications, Action<ClientConnection> disconnect)
{
    /// <summary>Of all clients together: about 100 MB.</summary>
    private const int MaxSubscriptions = 100_000;

    private static readonly JsonElement AllUsers = JsonElement.Parse("""{"users":"all"}""");

    private readonly Lock _lock = new();
    private readonly LegacyPresence _presence = new();
    private readonly Dictionary<(string ClientId, string RoomName), LegacySubscription> _subscriptions = [];

    public ValueTask<LegacyAnswer> OnAsync(LegacyRequest request, CancellationToken cancellationToken) =>
        EnterAsync(request, "subscribe", LegacyFilter.Translate(request.Body), cancellationToken);

    public ValueTask<LegacyAnswer> JoinAsync(LegacyRequest request, CancellationToken cancellationToken) =>
        EnterAsync(request, "join", request.Body, cancellationToken);

    public async ValueTask<LegacyAnswer> OffAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasRequestId) return LegacyAnswer.Fail("To leave a room, \"requestId\" must be its name.");

        LegacySubscription? subscription;
        lock (_lock) _subscriptions.TryGetValue((request.ClientId!, request.RequestId), out subscription);
        if (subscription?.RoomId is not { } roomId) return LegacyAnswer.Fail($"The client \"{request.ClientId}\" has no room \"{request.RequestId}\".");

        var response = await api.RunAsync(
            request, subscription.Connection, "realtime", "unsubscribe", LegacyJson.ElementOf(new JsonObject { ["roomId"] = roomId }), arguments: default, cancellationToken);
        if (response.Error is { } error) return error;

        Forget(subscription);
        return Room(roomId, request.RequestId);
    }

    public async ValueTask<LegacyAnswer> CountAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        var response = await api.RunAsync(request, "realtime", "count", request.Body, cancellationToken);
        if (response.Error is { } error) return error;

        var count = (int)response.Result!["count"]!;
        return count > 0 ? LegacyAnswer.Bare(count) : LegacyAnswer.Fail($"There is no room \"{request.Body.GetProperty("roomId").GetString()}\".");
    }

    /// <summary>A connection listens on a topic, which may be that of a client or of a room.</summary>
    public void Listen(ClientConnection connection, string topic)
    {
        var name = LegacyNames.NameIn(topic);
        if (LegacyNames.IsUsable(name)) _presence.TryHold(connection, name);
    }

    /// <summary>A connection has gone: the rooms of clients for which nobody is there any more are left. 2015 did not notice, and counted them for ever.</summary>
    public void Depart(ClientConnection connection)
    {
        if (!_presence.Release(connection)) return;

        List<LegacySubscription> missed;
        lock (_lock)
        {
            missed = [.. _subscriptions.Values.Where(subscription =>
                subscription.RoomId is not null && !_presence.IsHeld(subscription.ClientId) && !_presence.IsHeld(subscription.RoomName))];
        }

        foreach (var subscription in missed)
        {
            disconnect(subscription.Connection);
            Forget(subscription);
        }
    }

    private async ValueTask<LegacyAnswer> EnterAsync(LegacyRequest request, string action, JsonElement body, CancellationToken cancellationToken)
    {
        if (!LegacyNames.IsUsable(request.RequestId))
        {
            return LegacyAnswer.Fail($"\"requestId\" is the name of the room and of its topic: 1 to {LegacyNames.Longest} characters without +, # and U+0000.");
        }

        var subscription = new LegacySubscription(
            request.ClientId!, request.RequestId, new ClientConnection(request.Connection.Protocol, request.Connection.RemoteAddress));
        lock (_lock)
        {
            if (_subscriptions.Count >= MaxSubscriptions) return LegacyAnswer.Fail($"There are too many subscriptions: at most {MaxSubscriptions}.");
            if (!_presence.TryHold(request.Connection, request.ClientId!)) return LegacyAnswer.Fail("This connection subscribes for too many clients.");
            if (!_subscriptions.TryAdd((subscription.ClientId, subscription.RoomName), subscription))
            {
                return LegacyAnswer.Fail($"The client \"{request.ClientId}\" has a room \"{request.RequestId}\" already.");
            }
        }

        notifications.Expect(subscription);
        string? roomId = null;
        try
        {
            var response = await api.RunAsync(request, subscription.Connection, "realtime", action, body, AllUsers, cancellationToken);
            if (response.Error is { } error) return error;

            roomId = (string)response.Result!["roomId"]!;
            subscription.RoomId = roomId;
            return Room(roomId, request.RequestId);
        }
        finally
        {
            if (roomId is null) Forget(subscription);
        }
    }

    private void Forget(LegacySubscription subscription)
    {
        notifications.Forget(subscription);
        lock (_lock) _subscriptions.Remove((subscription.ClientId, subscription.RoomName));
    }

    private static LegacyAnswer Room(string roomId, string roomName) => LegacyAnswer.Bare(new JsonObject { ["roomId"] = roomId, ["roomName"] = roomName });
}
