using Kuzzle.Edge.Broker.Clients;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>A message that was stored and routed.</summary>
public sealed class PublishedContext
{
    internal PublishedContext(BrokerClient? client, MqttMessage message)
    {
        Client = client;
        Message = message;
    }

    /// <summary>Who has published it; null when the program has.</summary>
    public BrokerClient? Client { get; }

    /// <summary>The message as it was published.</summary>
    public MqttMessage Message { get; }
}
