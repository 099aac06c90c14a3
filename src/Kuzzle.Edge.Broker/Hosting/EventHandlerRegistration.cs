namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>A function of the program that is to hear events, once there is a broker.</summary>
/// <param name="Attach">Attaches it.</param>
internal sealed record EventHandlerRegistration(Action<MqttBroker> Attach);
