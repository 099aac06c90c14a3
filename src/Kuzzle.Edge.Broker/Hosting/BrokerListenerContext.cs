using Kuzzle.Edge.Broker.Listeners;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>What a listener needs of the program it runs in.</summary>
/// <param name="Broker">Serves the connections.</param>
/// <param name="Profile">The rules for them, behind those of the program's handlers.</param>
/// <param name="Clock">Where time comes from.</param>
/// <param name="Loggers">Where it logs.</param>
public sealed record BrokerListenerContext(MqttBroker Broker, IListenerProfile Profile, TimeProvider Clock, ILoggerFactory Loggers);
