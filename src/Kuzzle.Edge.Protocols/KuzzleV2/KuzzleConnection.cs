using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Protocols.KuzzleV2;

/// <summary>What the profile remembers about an MQTT connection.</summary>
/// <param name="api">The connection as the API knows it: it owns the rooms, not the MQTT client identifier.</param>
/// <param name="lane">Its requests.</param>
internal sealed class KuzzleConnection(ClientConnection api, RequestLane lane)
{
    private bool _hasEnded;

    public ClientConnection Api { get; } = api;

    public RequestLane Lane { get; } = lane;

    /// <summary>True once the connection's will was judged: nothing but the will comes from it any more. Only its own loop asks.</summary>
    public bool IsDying { get; private set; }

    /// <summary>True once the connection has ended: what still comes in its name is a will that was delayed.</summary>
    public bool HasEnded
    {
        get => Volatile.Read(ref _hasEnded);
        private set => Volatile.Write(ref _hasEnded, value);
    }

    public void MarkDying() => IsDying = true;

    public void MarkEnded() => HasEnded = true;
}
