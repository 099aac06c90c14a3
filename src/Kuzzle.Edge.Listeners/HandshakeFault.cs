namespace Kuzzle.Edge.Listeners;

/// <summary>Why a TLS handshake came to nothing.</summary>
internal enum HandshakeFault
{
    /// <summary>The peer went, or took too long.</summary>
    Unfinished,

    /// <summary>Both sides had no protocol or cipher in common, or one did not believe the other.</summary>
    Refused,
}
