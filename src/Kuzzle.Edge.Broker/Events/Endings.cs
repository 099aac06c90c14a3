using Kuzzle.Edge.Broker.Connections;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>Why connections end, in the words of the events.</summary>
internal static class Endings
{
    public static DisconnectCause CauseOf(Ending ending) =>
        ending == Ending.Normal ? DisconnectCause.Normal
        : ending == Ending.WithWill ? DisconnectCause.WithWill
        : ending == Ending.Lost || ending == Ending.Aborted ? DisconnectCause.ConnectionLost
        : ending == Ending.KeepAliveTimeout ? DisconnectCause.KeepAliveTimeout
        : ending == Ending.TakenOver ? DisconnectCause.TakenOver
        : ending == Ending.ByProfile || ending.IsByProgram ? DisconnectCause.Kicked
        : ending == Ending.NotAllowed ? DisconnectCause.NotAllowed
        : ending == Ending.ShuttingDown ? DisconnectCause.Shutdown
        : ending == Ending.Failed ? DisconnectCause.Fault
        : DisconnectCause.ProtocolError;

    /// <summary>Whether it is one that somebody should look into.</summary>
    public static bool IsError(Ending ending) => CauseOf(ending) is
        DisconnectCause.KeepAliveTimeout or DisconnectCause.NotAllowed or DisconnectCause.ProtocolError or DisconnectCause.Fault;
}
