namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>At which points a handler wants to be asked. What nobody asks for costs nothing.</summary>
[Flags]
public enum HandlerStages
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary><see cref="IBrokerHandler.PreConnectAsync"/>.</summary>
    PreConnect = 1,

    /// <summary><see cref="IBrokerHandler.AuthenticateAsync"/>.</summary>
    Authenticate = 2,

    /// <summary><see cref="IBrokerHandler.AuthorizePublishAsync"/>.</summary>
    AuthorizePublish = 4,

    /// <summary><see cref="IBrokerHandler.AuthorizeSubscribeAsync"/>.</summary>
    AuthorizeSubscribe = 8,

    /// <summary><see cref="IBrokerHandler.AuthorizeForward"/>.</summary>
    AuthorizeForward = 16,

    /// <summary><see cref="IBrokerHandler.PublishedAsync"/>.</summary>
    Published = 32,

    /// <summary><see cref="IBrokerHandler.BeginAuthentication"/>.</summary>
    EnhancedAuthentication = 64,

    /// <summary>Everywhere.</summary>
    All = PreConnect | EnhancedAuthentication | Authenticate | AuthorizePublish | AuthorizeSubscribe | AuthorizeForward | Published,
}
