namespace Kuzzle.Edge.Broker.Events;

/// <summary>Why a client has gone.</summary>
public enum DisconnectCause
{
    /// <summary>It has said goodbye.</summary>
    Normal,

    /// <summary>It has said goodbye and wanted its will published.</summary>
    WithWill,

    /// <summary>Its connection has broken, or was closed without a word.</summary>
    ConnectionLost,

    /// <summary>It was silent for too long.</summary>
    KeepAliveTimeout,

    /// <summary>It has connected again, or another client with its identifier has.</summary>
    TakenOver,

    /// <summary>The program, or the listener, has closed the connection.</summary>
    Kicked,

    /// <summary>It has done what it may not.</summary>
    NotAllowed,

    /// <summary>It has broken a rule of the protocol.</summary>
    ProtocolError,

    /// <summary>The broker stops.</summary>
    Shutdown,

    /// <summary>A fault of the broker or of the program.</summary>
    Fault,
}
