using Kuzzle.Edge.Broker.Authentication;
using Kuzzle.Edge.Broker.Listeners;

namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>A handler made of functions. It is asked only where it has one.</summary>
internal sealed class DelegateHandler : IBrokerHandler
{
    public int Order { get; init; }

    public Func<PreConnectContext, CancellationToken, ValueTask<PreConnectDecision>>? PreConnect { get; init; }

    public Func<AuthenticateContext, CancellationToken, ValueTask<AuthenticateDecision>>? Authenticate { get; init; }

    public Func<IMqttClient, string, IAuthenticationExchange?>? BeginAuthentication { get; init; }

    public Func<PublishContext, CancellationToken, ValueTask<PublishDecision>>? AuthorizePublish { get; init; }

    public Func<SubscribeContext, CancellationToken, ValueTask<SubscribeDecision>>? AuthorizeSubscribe { get; init; }

    public ForwardFunction? AuthorizeForward { get; init; }

    public Func<PublishedContext, CancellationToken, ValueTask>? Published { get; init; }

    public HandlerStages Stages =>
        (PreConnect is null ? 0 : HandlerStages.PreConnect)
        | (Authenticate is null ? 0 : HandlerStages.Authenticate)
        | (BeginAuthentication is null ? 0 : HandlerStages.EnhancedAuthentication)
        | (AuthorizePublish is null ? 0 : HandlerStages.AuthorizePublish)
        | (AuthorizeSubscribe is null ? 0 : HandlerStages.AuthorizeSubscribe)
        | (AuthorizeForward is null ? 0 : HandlerStages.AuthorizeForward)
        | (Published is null ? 0 : HandlerStages.Published);

    ValueTask<PreConnectDecision> IBrokerHandler.PreConnectAsync(PreConnectContext context, CancellationToken cancellationToken) => PreConnect!(context, cancellationToken);

    ValueTask<AuthenticateDecision> IBrokerHandler.AuthenticateAsync(AuthenticateContext context, CancellationToken cancellationToken) =>
        Authenticate!(context, cancellationToken);

    IAuthenticationExchange? IBrokerHandler.BeginAuthentication(IMqttClient client, string method) => BeginAuthentication!(client, method);

    ValueTask<PublishDecision> IBrokerHandler.AuthorizePublishAsync(PublishContext context, CancellationToken cancellationToken) =>
        AuthorizePublish!(context, cancellationToken);

    ValueTask<SubscribeDecision> IBrokerHandler.AuthorizeSubscribeAsync(SubscribeContext context, CancellationToken cancellationToken) =>
        AuthorizeSubscribe!(context, cancellationToken);

    ForwardDecision IBrokerHandler.AuthorizeForward(in ForwardContext context) => AuthorizeForward!(context);

    ValueTask IBrokerHandler.PublishedAsync(PublishedContext context, CancellationToken cancellationToken) => Published!(context, cancellationToken);
}
