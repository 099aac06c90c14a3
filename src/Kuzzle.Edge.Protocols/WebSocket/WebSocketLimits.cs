using System.Diagnostics.Metrics;
using Kuzzle.Edge.Protocols.Requests;

namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>What all connections of an endpoint are held to.</summary>
/// <param name="Options">The settings.</param>
/// <param name="MaxMessageBytes">The longest message.</param>
/// <param name="AllRequests">The requests under way on all connections together.</param>
/// <param name="Clock">The time for rates and for closing.</param>
/// <param name="SlowClients">Counts the connections cut off because they did not read.</param>
internal sealed record WebSocketLimits(KuzzleWebSocketOptions Options, int MaxMessageBytes, InFlightGate AllRequests, TimeProvider Clock, Counter<long> SlowClients);
