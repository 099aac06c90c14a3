namespace Kuzzle.Edge.Api.Errors;

/// <summary>Errors about realtime subscriptions: domain <c>core</c>, subdomain <c>realtime</c>.</summary>
public static class RealtimeErrors
{
    private static ApiError Error(string name, int number, int status, string message, params string[] props) =>
        new($"core.realtime.{name}", (1 << 16) | number, status, message, props);

    /// <summary>No such room.</summary>
    public static ApiError RoomNotFound(string roomId) => Error("room_not_found", 1, 404, $"There is no room \"{roomId}\".", roomId);

    /// <summary>An unknown scope.</summary>
    public static ApiError InvalidScope() => Error("invalid_scope", 4, 400, "\"scope\" must be one of all, in, out, none.");

    /// <summary>An unknown users option.</summary>
    public static ApiError InvalidUsers() => Error("invalid_users", 5, 400, "\"users\" must be one of all, in, out, none.");

    /// <summary>As many rooms as allowed.</summary>
    public static ApiError TooManyRooms() => Error("too_many_rooms", 7, 413, "There are as many rooms as limits.subscriptionRooms allows.");

    /// <summary>One connection is in as many rooms as allowed.</summary>
    public static ApiError TooManyRoomsOfOne() => Error("too_many_rooms", 7, 413, "This connection is in as many rooms as limits.subscriptionsPerConnection allows.");

    /// <summary>The connection is not in the room.</summary>
    public static ApiError NotSubscribed(string connectionId, string roomId) =>
        Error("not_subscribed", 8, 412, $"The connection \"{connectionId}\" is not in the room \"{roomId}\".", connectionId, roomId);
}
