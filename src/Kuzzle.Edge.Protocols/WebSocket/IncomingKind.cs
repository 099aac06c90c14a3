namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>The kinds of <see cref="IncomingMessage"/>.</summary>
internal enum IncomingKind
{
    /// <summary>A text message, whole.</summary>
    Text,

    /// <summary>A binary message; Kuzzle's protocol has none.</summary>
    Binary,

    /// <summary>A message beyond the bound; its rest is still to come.</summary>
    TooLarge,

    /// <summary>The peer closes.</summary>
    Close,
}
