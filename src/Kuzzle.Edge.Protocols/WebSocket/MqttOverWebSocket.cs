using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Protocols.WebSocket;

/// <summary>MQTT on the HTTP port.</summary>
/// <param name="Broker">Who serves it.</param>
/// <param name="Profile">By which rules.</param>
public sealed record MqttOverWebSocket(MqttBroker Broker, IListenerProfile Profile);
