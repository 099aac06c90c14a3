using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>What a connection gets that asks for the session of a client identifier.</summary>
/// <param name="Session">The session, which is the connection's own now; null when it gets none.</param>
/// <param name="HasState">Whether there is something to resume.</param>
/// <param name="Will">The will of the connection before that still waited for its delay: the new owner decides.</param>
/// <param name="Refusal">Why there is no session.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClaimOutcome(Session? Session, bool HasState, Will? Will, ClaimRefusal Refusal)
{
    /// <summary>Whether the session was this identity's before. An anonymous client's session is not resumed by whoever has proven to be somebody.</summary>
    public bool IsOwn { get; init; }
}
