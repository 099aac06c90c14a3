namespace Kuzzle.Edge.Broker;

/// <summary>How a broker is doing.</summary>
/// <param name="Id">Its identifier, as in its <c>$SYS</c> topics.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="ConnectedClients">How many clients are connected.</param>
/// <param name="StartedAt">When it was made.</param>
public sealed record BrokerStatus(string Id, BrokerState State, int ConnectedClients, DateTimeOffset StartedAt);
