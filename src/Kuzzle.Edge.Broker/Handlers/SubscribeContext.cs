using Kuzzle.Edge.Broker.Clients;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>A filter that a client wants to subscribe to.</summary>
public sealed class SubscribeContext
{
    internal SubscribeContext(BrokerClient client, string filter, QualityOfService qos, bool isRestore)
    {
        Client = client;
        Filter = filter;
        Qos = qos;
        IsRestore = isRestore;
    }

    /// <summary>Who wants it. It is not connected yet while a session is resumed.</summary>
    public BrokerClient Client { get; }

    /// <summary>The filter, with <c>$share/…/</c> when it is shared.</summary>
    public string Filter { get; }

    /// <summary>The highest quality of service it asks for.</summary>
    public QualityOfService Qos { get; }

    /// <summary>Whether it belongs to a session that is resumed: refused, it is taken out of the session.</summary>
    public bool IsRestore { get; }
}
