using Kuzzle.Edge.Broker.Authentication;

namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>
/// The rules of one listener: who may connect, which topics its clients may use, and which publications belong to a dialect instead of the
/// subscription tree. Called on the connection's own loop, in the order of its packets: an implementation never blocks, and but for
/// <see cref="JudgeConnectAsync"/> answers at once.
/// </summary>
public interface IListenerProfile
{
    /// <summary>
    /// May this client connect? Asked before anything is changed for it: a client that is refused leaves the sessions of others, and its own, as they were.
    /// </summary>
    /// <param name="client">Who asks: its identifier, user name and address are known.</param>
    /// <param name="password">The password of its CONNECT; empty when it has none. Not to be kept.</param>
    /// <param name="cancellationToken">The connection has ended, and nobody wants to know any more.</param>
    ValueTask<ConnectRuling> JudgeConnectAsync(IMqttClient client, ReadOnlyMemory<byte> password, CancellationToken cancellationToken) => new(ConnectRuling.Accept);

    /// <summary>
    /// Begins an enhanced authentication (MQTT 5) by the method that the client's CONNECT names: before <see cref="JudgeConnectAsync"/>, which is asked once the
    /// exchange has accepted, and again on the live connection whenever the client wants; nothing else is asked then, and its identity must stay.
    /// </summary>
    /// <returns>The exchange, or null when the method is unknown here: CONNACK 0x8C.</returns>
    IAuthenticationExchange? BeginAuthentication(IMqttClient client, string method) => null;

    /// <summary>
    /// The program that embeds the broker has let this client in, with <see cref="IMqttClient.Identity"/>, and <see cref="JudgeConnectAsync"/> is not asked. What the profile
    /// remembers of a client that it has accepted, it remembers of this one.
    /// </summary>
    void Admit(IMqttClient client)
    {
    }

    /// <summary>
    /// May this client leave a will on this topic? Asked after <see cref="JudgeConnectAsync"/> has accepted it and before anything else; when not, its CONNECT
    /// is refused with 0x05, in MQTT 5 0x87. What becomes of the will is asked again when it is due (<see cref="JudgePublish"/>).
    /// </summary>
    bool MayLeaveWill(IMqttClient client, ReadOnlySpan<byte> topic) => true;

    /// <summary>Whether <see cref="MayReceive"/> is to be asked before each delivery. May change at any time, and is asked for each.</summary>
    bool ChecksDeliveries => false;

    /// <summary>
    /// May this client get a message of this topic, to which it has subscribed? Asked on whatever thread delivers, under the lock of the client's session, so an
    /// implementation must be quick and neither send nor close. A message that it may not get is passed over as if it had not subscribed.
    /// </summary>
    bool MayReceive(IMqttClient client, ReadOnlySpan<byte> topic) => true;

    /// <summary>The bounds of this client's session; null for the broker's. Asked while it connects, and answered alike.</summary>
    SessionBounds? BoundsOf(IMqttClient client) => null;

    /// <summary>A client was accepted. Called before its CONNACK is sent, so of what follows nothing is asked about the client before.</summary>
    void OnConnected(IMqttClient client);

    /// <summary>The client's connection has ended, for whatever reason. Called once, after its will was judged.</summary>
    void OnDisconnected(IMqttClient client);

    /// <summary>What becomes of a publication (or of a will, <paramref name="isWill"/>) on this topic.</summary>
    PublishRuling JudgePublish(IMqttClient client, ReadOnlySpan<byte> topic, bool isWill);

    /// <summary>What becomes of a subscription to this filter. The most severe ruling of a packet's filters decides on the connection.</summary>
    SubscribeRuling JudgeSubscribe(IMqttClient client, string filter);

    /// <summary>
    /// A publication that was ruled <see cref="PublishRuling.Take"/>: at QoS 0 and 1 when it arrives, at QoS 2 when its PUBREL does. The message may
    /// be kept. The acknowledgement does not wait for what the dialect does with it.
    /// </summary>
    void Take(IMqttClient client, MqttMessage message);
}
