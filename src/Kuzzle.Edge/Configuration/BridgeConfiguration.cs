using Kuzzle.Edge.Sync.Bridges;

namespace Kuzzle.Edge.Configuration;

/// <summary>One bridge to another MQTT broker.</summary>
/// <param name="Options">What and where.</param>
/// <param name="Written">All that was written of it, to compare it with another. Holds secrets: not to be shown.</param>
internal sealed record BridgeConfiguration(MqttBridgeOptions Options, string Written);
