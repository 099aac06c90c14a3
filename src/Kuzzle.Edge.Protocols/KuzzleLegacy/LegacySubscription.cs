using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>
/// One client in one room under a name of its own. It is a connection to the API by itself: so a client counts as often as it subscribed, as in 2015.
/// </summary>
internal sealed class LegacySubscription(string clientId, string roomName, ClientConnection connection)
{
    private volatile string? _roomId;

    public string ClientId { get; } = clientId;

    public string RoomName { get; } = roomName;

    public ClientConnection Connection { get; } = connection;

    /// <summary>Where its notifications go; set when it joins its channel, and the same until it leaves.</summary>
    public IReadOnlyList<string> Topics { get; set; } = [];

    /// <summary>The room; null until the subscription is made.</summary>
    public string? RoomId
    {
        get => _roomId;
        set => _roomId = value;
    }
}
