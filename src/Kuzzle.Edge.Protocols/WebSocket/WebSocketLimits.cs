using System.Diagnostics.Metrics;

namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>What all connections of an endpoint are held to.</summary>
/// <param name="Options">The settings.</param>
/// <param name="MaxMessageBytes">The longest message.</param>
/// <param name="Clock">The time for rates and for closing.</param>
/// <param name="SlowClients">Counts the connections cut off because they did not read.</param>
internal sealed record WebSocketLimits(KuzzleWebSocketOptions Options, int MaxMessageBytes, TimeProvider Clock, Counter<long> SlowClients);
