using Kuzzle.Edge.Broker.Authentication;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>
/// Decides what clients may do, in the program that embeds the broker. Every member may be left out. Several handlers are asked by <see cref="Order"/> and then in
/// the order of their registration, and the first opinion counts; without one the rules of the listener decide.
/// </summary>
/// <remarks>
/// <para>A client's packets are handled one after the other, so its next one waits for the answer about the one before; other clients do not.</para>
/// <para>A handler that throws, or takes longer than <see cref="MqttBrokerOptions.HandlerTimeout"/>, has refused, and a line in the log says which. The token is
/// cancelled then, and when the client goes.</para>
/// </remarks>
public interface IBrokerHandler
{
    /// <summary>Lower ones are asked earlier.</summary>
    int Order => 0;

    /// <summary>Where this handler is asked. One that does not decide about messages should say so: each costs the making of its context.</summary>
    HandlerStages Stages => HandlerStages.All;

    /// <summary>A CONNECT has come; nothing has been done for the client. The packet may be edited.</summary>
    ValueTask<PreConnectDecision> PreConnectAsync(PreConnectContext context, CancellationToken cancellationToken) => default;

    /// <summary>
    /// Begins an enhanced authentication (MQTT 5) by the method that the client's CONNECT names, or returns null if this handler does not know the method; the first who does
    /// has it. <see cref="AuthenticateAsync"/> is asked once the exchange has accepted.
    /// </summary>
    IAuthenticationExchange? BeginAuthentication(IMqttClient client, string method) => null;

    /// <summary>Is the client who it says it is? Asked before anything changes in a session.</summary>
    ValueTask<AuthenticateDecision> AuthenticateAsync(AuthenticateContext context, CancellationToken cancellationToken) => default;

    /// <summary>May the client publish this message? Asked for every PUBLISH, before its acknowledgement, and for wills. The message may be exchanged.</summary>
    ValueTask<PublishDecision> AuthorizePublishAsync(PublishContext context, CancellationToken cancellationToken) => default;

    /// <summary>May the client subscribe to this filter? Asked for each filter of a SUBSCRIBE, and for those of a session that is resumed.</summary>
    ValueTask<SubscribeDecision> AuthorizeSubscribeAsync(SubscribeContext context, CancellationToken cancellationToken) => default;

    /// <summary>
    /// May this client get this message, to which it has subscribed? Asked on whatever thread delivers, while the client's session is locked: it must be quick, and
    /// neither publish nor subscribe nor disconnect.
    /// </summary>
    ForwardDecision AuthorizeForward(in ForwardContext context) => ForwardDecision.Pass;

    /// <summary>
    /// A message has been stored and routed. PUBACK and PUBREC wait until this completes, and so does the client's next packet; when it throws, the client is told that
    /// its message was not accepted (5.0), or the connection is closed so that it sends it again (3.x).
    /// </summary>
    ValueTask PublishedAsync(PublishedContext context, CancellationToken cancellationToken) => default;
}
