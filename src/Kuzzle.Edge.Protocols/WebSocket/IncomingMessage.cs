namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>What came next on a WebSocket.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">For <see cref="IncomingKind.Text"/>: the whole message in UTF-8, owned by the receiver.</param>
internal readonly record struct IncomingMessage(IncomingKind Kind, byte[] Text);
