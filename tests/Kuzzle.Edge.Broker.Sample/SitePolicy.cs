using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Sample;

/// <summary>Who may do what at the site.</summary>
internal sealed class SitePolicy : IBrokerHandler
{
    public HandlerStages Stages => HandlerStages.Authenticate | HandlerStages.AuthorizePublish | HandlerStages.AuthorizeSubscribe;

    /// <summary>Everybody may come; who says that he is of operations must know the password.</summary>
    public ValueTask<AuthenticateDecision> AuthenticateAsync(AuthenticateContext context, CancellationToken cancellationToken) => new(context.UserName switch
    {
        null => AuthenticateDecision.NoOpinion,
        "ops" when context.PasswordEquals("secret") => AuthenticateDecision.Accept("ops"),
        _ => AuthenticateDecision.RefuseWithReturnCode(4),
    });

    /// <summary>One topic is closed, one payload is overwritten, and the rest is left to the listener.</summary>
    public ValueTask<PublishDecision> AuthorizePublishAsync(PublishContext context, CancellationToken cancellationToken)
    {
        if (context.Message.Topic == "aaaa") return new(PublishDecision.Refuse("wrong topic"));
        if (context.Message.Topic == "bbb") context.Message = context.Message with { Payload = "overwrite packet payload"u8.ToArray() };
        return new(PublishDecision.NoOpinion);
    }

    /// <summary>One filter is refused, and one becomes another.</summary>
    public ValueTask<SubscribeDecision> AuthorizeSubscribeAsync(SubscribeContext context, CancellationToken cancellationToken) => new(context.Filter switch
    {
        "aaaa" => SubscribeDecision.Refuse(),
        "bbb" => SubscribeDecision.Allow("foo", QualityOfService.AtLeastOnce),
        _ => SubscribeDecision.NoOpinion,
    });
}
