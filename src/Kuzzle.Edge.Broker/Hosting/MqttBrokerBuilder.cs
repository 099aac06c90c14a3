using System.Diagnostics.CodeAnalysis;
using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Handlers;
using Microsoft.Extensions.DependencyInjection;

namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>
/// Adds what the program decides and what it wants to hear. Everything may be added more than once: handlers are asked in the order they are added (and by
/// <see cref="IBrokerHandler.Order"/>), events go to all. Functions are called as they are, without reflection; those with a service get it from the program's services.
/// </summary>
public sealed class MqttBrokerBuilder
{
    internal MqttBrokerBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the program.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a handler, made once with the program's services.</summary>
    public MqttBrokerBuilder AddHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>()
        where THandler : class, IBrokerHandler => With(services => services.AddSingleton<IBrokerHandler, THandler>());

    /// <summary>Adds a handler.</summary>
    public MqttBrokerBuilder AddHandler(IBrokerHandler handler) => With(services => services.AddSingleton(handler));

    /// <summary>Adds an observer, made once with the program's services.</summary>
    public MqttBrokerBuilder AddObserver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TObserver>()
        where TObserver : class, IBrokerObserver => With(services => services.AddSingleton<IBrokerObserver, TObserver>());

    /// <summary>Adds an observer.</summary>
    public MqttBrokerBuilder AddObserver(IBrokerObserver observer) => With(services => services.AddSingleton(observer));

    /// <summary>Decides before anything is done for a client: <see cref="IBrokerHandler.PreConnectAsync"/>.</summary>
    public MqttBrokerBuilder OnPreConnect(Func<PreConnectContext, CancellationToken, ValueTask<PreConnectDecision>> decide) =>
        AddHandler(new DelegateHandler { PreConnect = decide });

    /// <inheritdoc cref="OnPreConnect(Func{PreConnectContext, CancellationToken, ValueTask{PreConnectDecision}})"/>
    public MqttBrokerBuilder OnPreConnect<TService>(Func<TService, PreConnectContext, CancellationToken, ValueTask<PreConnectDecision>> decide)
        where TService : notnull => AddHandler(services => new DelegateHandler { PreConnect = (context, token) => decide(Get<TService>(services), context, token) });

    /// <summary>Decides who a client is: <see cref="IBrokerHandler.AuthenticateAsync"/>.</summary>
    public MqttBrokerBuilder OnAuthenticate(Func<AuthenticateContext, CancellationToken, ValueTask<AuthenticateDecision>> decide) =>
        AddHandler(new DelegateHandler { Authenticate = decide });

    /// <inheritdoc cref="OnAuthenticate(Func{AuthenticateContext, CancellationToken, ValueTask{AuthenticateDecision}})"/>
    public MqttBrokerBuilder OnAuthenticate<TService>(Func<TService, AuthenticateContext, CancellationToken, ValueTask<AuthenticateDecision>> decide)
        where TService : notnull => AddHandler(services => new DelegateHandler { Authenticate = (context, token) => decide(Get<TService>(services), context, token) });

    /// <summary>Decides about messages and wills, and may exchange them: <see cref="IBrokerHandler.AuthorizePublishAsync"/>.</summary>
    public MqttBrokerBuilder OnAuthorizePublish(Func<PublishContext, CancellationToken, ValueTask<PublishDecision>> decide) =>
        AddHandler(new DelegateHandler { AuthorizePublish = decide });

    /// <inheritdoc cref="OnAuthorizePublish(Func{PublishContext, CancellationToken, ValueTask{PublishDecision}})"/>
    public MqttBrokerBuilder OnAuthorizePublish<TService>(Func<TService, PublishContext, CancellationToken, ValueTask<PublishDecision>> decide)
        where TService : notnull => AddHandler(services => new DelegateHandler { AuthorizePublish = (context, token) => decide(Get<TService>(services), context, token) });

    /// <summary>Decides about filters, one by one: <see cref="IBrokerHandler.AuthorizeSubscribeAsync"/>.</summary>
    public MqttBrokerBuilder OnAuthorizeSubscribe(Func<SubscribeContext, CancellationToken, ValueTask<SubscribeDecision>> decide) =>
        AddHandler(new DelegateHandler { AuthorizeSubscribe = decide });

    /// <inheritdoc cref="OnAuthorizeSubscribe(Func{SubscribeContext, CancellationToken, ValueTask{SubscribeDecision}})"/>
    public MqttBrokerBuilder OnAuthorizeSubscribe<TService>(Func<TService, SubscribeContext, CancellationToken, ValueTask<SubscribeDecision>> decide)
        where TService : notnull =>
        AddHandler(services => new DelegateHandler { AuthorizeSubscribe = (context, token) => decide(Get<TService>(services), context, token) });

    /// <summary>Decides whether a client gets a message: <see cref="IBrokerHandler.AuthorizeForward"/>.</summary>
    public MqttBrokerBuilder OnAuthorizeForward(ForwardFunction decide) => AddHandler(new DelegateHandler { AuthorizeForward = decide });

    /// <summary>Hears of messages before they are acknowledged: <see cref="IBrokerHandler.PublishedAsync"/>.</summary>
    public MqttBrokerBuilder OnPublished(Func<PublishedContext, CancellationToken, ValueTask> hear) => AddHandler(new DelegateHandler { Published = hear });

    /// <inheritdoc cref="OnPublished(Func{PublishedContext, CancellationToken, ValueTask})"/>
    public MqttBrokerBuilder OnPublished<TService>(Func<TService, PublishedContext, CancellationToken, ValueTask> hear)
        where TService : notnull => AddHandler(services => new DelegateHandler { Published = (context, token) => hear(Get<TService>(services), context, token) });

    /// <summary>Gets the messages of a topic filter, wildcards included: <see cref="IMqttBroker.SubscribeAsync"/>.</summary>
    public MqttBrokerBuilder OnMessage(string filter, Func<MqttMessage, CancellationToken, ValueTask> handle) =>
        With(services => services.AddSingleton(new MessageHandler(filter, handle)));

    /// <inheritdoc cref="OnMessage(string, Func{MqttMessage, CancellationToken, ValueTask})"/>
    public MqttBrokerBuilder OnMessage<TService>(string filter, Func<TService, MqttMessage, CancellationToken, ValueTask> handle)
        where TService : notnull =>
        With(services => services.AddSingleton(provider => new MessageHandler(filter, (message, token) => handle(Get<TService>(provider), message, token))));

    /// <summary>Hears events of one type.</summary>
    public MqttBrokerBuilder On<TEvent>(Func<TEvent, CancellationToken, ValueTask> hear)
        where TEvent : BrokerEvent, IBrokerEventKind =>
        With(services => services.AddSingleton(new EventHandlerRegistration(broker => broker.Observe(hear))));

    /// <inheritdoc cref="On{TEvent}(Func{TEvent, CancellationToken, ValueTask})"/>
    public MqttBrokerBuilder On<TService, TEvent>(Func<TService, TEvent, CancellationToken, ValueTask> hear)
        where TService : notnull
        where TEvent : BrokerEvent, IBrokerEventKind =>
        With(services => services.AddSingleton(
            provider => new EventHandlerRegistration(broker => broker.Observe<TEvent>((happened, token) => hear(Get<TService>(provider), happened, token)))));

    private static TService Get<TService>(IServiceProvider services)
        where TService : notnull => services.GetRequiredService<TService>();

    private MqttBrokerBuilder AddHandler(Func<IServiceProvider, IBrokerHandler> make) => With(services => services.AddSingleton(make));

    private MqttBrokerBuilder With(Action<IServiceCollection> add)
    {
        add(Services);
        return this;
    }
}
