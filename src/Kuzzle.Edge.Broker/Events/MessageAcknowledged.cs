using Kuzzle.Edge.Broker.Clients;

namespace Kuzzle.Edge.Broker.Events;

/// <summary>A client has confirmed a message: by PUBACK at QoS 1, by PUBCOMP at QoS 2.</summary>
/// <param name="Client">Who has got it.</param>
/// <param name="Message">The message; null when it was on its way before anybody watched, or before a restart.</param>
/// <param name="PacketIdentifier">The identifier it was sent under.</param>
public sealed record MessageAcknowledged(BrokerClient Client, MqttMessage? Message, ushort PacketIdentifier) : BrokerEvent, IBrokerEventKind
{
    static BrokerEventKinds IBrokerEventKind.Watched => BrokerEventKinds.MessageAcknowledged;

    internal override BrokerEventKinds Kind => BrokerEventKinds.MessageAcknowledged;

    internal override ValueTask TellAsync(IBrokerObserver observer, CancellationToken cancellationToken) => observer.OnMessageAcknowledgedAsync(this, cancellationToken);
}
