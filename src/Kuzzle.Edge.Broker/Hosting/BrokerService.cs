using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Listeners;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>The broker as a service of its program: handlers first, then what is stored, then the listeners; and back in the other order.</summary>
internal sealed class BrokerService(
    MqttBroker broker,
    IOptions<MqttBrokerOptions> options,
    IEnumerable<IBrokerHandler> handlers,
    IEnumerable<IBrokerObserver> observers,
    IEnumerable<EventHandlerRegistration> eventHandlers,
    IEnumerable<MessageHandler> messageHandlers,
    IEnumerable<IListenerProfile> profiles,
    TimeProvider clock,
    ILoggerFactory loggers) : IHostedService
{
    private readonly List<IRunningListener> _listeners = [];

    /// <summary>What accepts connections now.</summary>
    public IReadOnlyList<IRunningListener> Listeners => _listeners;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        broker.Use([.. handlers]);
        foreach (var observer in observers) _ = broker.Observe(observer);
        foreach (var registration in eventHandlers) registration.Attach(broker);
        foreach (var handler in messageHandlers) _ = await broker.SubscribeAsync(handler.Filter, handler.HandleAsync).ConfigureAwait(false);

        await broker.StartAsync(cancellationToken).ConfigureAwait(false);
        var profile = profiles.LastOrDefault() ?? new OpenProfile(options.Value.Anonymous);
        var context = new BrokerListenerContext(broker, profile, clock, loggers);
        try
        {
            foreach (var listener in options.Value.Listeners) _listeners.Add(await listener.StartAsync(context, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await StopAsync(CancellationToken.None).ConfigureAwait(false); // A program whose second port is taken does not run on its first.
            throw;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in _listeners) await listener.CloseAsync().ConfigureAwait(false);
        try
        {
            await broker.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (var listener in _listeners) await listener.DisposeAsync().ConfigureAwait(false);
            _listeners.Clear();
        }
    }
}
