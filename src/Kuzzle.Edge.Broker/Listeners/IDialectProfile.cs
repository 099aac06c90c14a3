using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>
/// The rules of a listener that only looks like a broker: every message of its clients belongs to its dialect, which says what becomes of it before it is acknowledged, and
/// so do their subscriptions. Nothing of the subscription tree reaches them. Sessions end with their connections, and belong to whoever the dialect says; the program's
/// handlers are asked about a CONNECT before this profile is, and about nothing else.
/// </summary>
public interface IDialectProfile : IListenerProfile
{
    /// <summary>The bounds of its clients. Read once for each connection.</summary>
    DialectLimits Limits { get; }

    /// <inheritdoc/>
    bool IListenerProfile.ChecksDeliveries => true;

    /// <summary>
    /// May this client connect, and who is it? In MQTT 5 it is told that there are neither shared subscriptions nor subscription identifiers.
    /// </summary>
    /// <param name="client">Who asks.</param>
    /// <param name="connect">What it says. Its password is not to be kept.</param>
    /// <param name="cancellationToken">The connection has ended, and nobody wants to know any more.</param>
    ValueTask<ConnectVerdict> JudgeConnectAsync(IDialectClient client, DialectConnect connect, CancellationToken cancellationToken);

    /// <summary>
    /// A message has come. Called on the connection's loop in the order of the messages, and for the next one perhaps before this one is answered: an implementation does not
    /// block. Acknowledgements go out in the order of the messages, each when its message is answered; a client with many unanswered ones is not read meanwhile.
    /// </summary>
    /// <param name="client">Whose it is.</param>
    /// <param name="message">The message, which may be kept. Its topic may be empty. At QoS 2 it comes once, however often it was sent.</param>
    ValueTask<PublishVerdict> PublishAsync(IDialectClient client, MqttMessage message);

    /// <summary>The connection has ended in a way that makes its will due. Called before <see cref="IListenerProfile.OnDisconnected"/>; a delay is not waited for.</summary>
    void TakeWill(IDialectClient client, MqttMessage will);

    /// <summary>A client subscribes to a filter, which may be malformed.</summary>
    /// <param name="client">Whose it is.</param>
    /// <param name="filter">The filter as it was sent.</param>
    /// <param name="hasIdentifier">Whether the client has given it a subscription identifier, although it was told that there are none.</param>
    /// <returns>What its SUBACK says about it; 0x80 or more is 0x80 before MQTT 5.</returns>
    ReasonCode Subscribe(IDialectClient client, string filter, bool hasIdentifier);

    /// <summary>A client does not want a filter any more.</summary>
    /// <returns>False when it had none of that name.</returns>
    bool Unsubscribe(IDialectClient client, string filter);

    /// <summary>The SUBACK or UNSUBACK for what was asked before has been written.</summary>
    void OnSubscriptionsAnswered(IDialectClient client)
    {
    }

    /// <inheritdoc/>
    bool IListenerProfile.MayReceive(IMqttClient client, ReadOnlySpan<byte> topic) => false;

    /// <inheritdoc/>
    PublishRuling IListenerProfile.JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill) => PublishRuling.Refuse;

    /// <inheritdoc/>
    SubscribeRuling IListenerProfile.JudgeSubscribe(IMqttClient client, string filter) => SubscribeRuling.Refuse;

    /// <inheritdoc/>
    void IListenerProfile.Take(IMqttClient client, MqttMessage message) =>
        throw new InvalidOperationException($"A dialect is asked about each message, and was given one on {message.Topic}.");
}
