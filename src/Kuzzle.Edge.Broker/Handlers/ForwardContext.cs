using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>A message on its way to one client. Nothing of it may be kept.</summary>
public readonly ref struct ForwardContext
{
    private readonly ClientConnection _client;
    private readonly Publication _publication;

    internal ForwardContext(ClientConnection client, Publication publication)
    {
        _client = client;
        _publication = publication;
    }

    /// <summary>Who would get it.</summary>
    public IMqttClient Client => _client;

    /// <summary>The topic name in UTF-8.</summary>
    public ReadOnlySpan<byte> Topic => _publication.Topic.Span;

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload => _publication.Payload.Span;

    /// <summary>The quality of service it was published with.</summary>
    public QualityOfService Qos => (QualityOfService)_publication.Qos;

    /// <summary>Whether it was published to be retained.</summary>
    public bool Retain => _publication.Retain;
}
