using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Broker.SysTopics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>Adds a broker to the services of a program.</summary>
public static class MqttBrokerServices
{
    /// <summary>
    /// Adds a broker that starts and stops with the program: <see cref="IMqttBroker"/> is a service, its handlers and observers are added to what is returned. It publishes
    /// <see cref="SysTopicKinds.Lifecycle"/> unless it is told otherwise, and keeps everything in memory unless there is an <see cref="IBrokerStore"/> among the services.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; run when the program starts, where an impossible value ends the start.</param>
    public static MqttBrokerBuilder AddMqttBroker(this IServiceCollection services, Action<MqttBrokerOptions>? configure = null)
    {
        var options = services.AddOptions<MqttBrokerOptions>().Configure(static options => options.SysTopics = SysTopicKinds.Lifecycle);
        if (configure is not null) options.Configure(configure);
        Add(services, options);
        return new MqttBrokerBuilder(services);
    }

    /// <summary>As the other, with options from a section of the program's configuration, by their names.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The section. An unknown name in it, or a value that is none, ends the start with a message that lists all of them.</param>
    /// <param name="configure">Sets what configuration cannot, the listeners for instance; run after it.</param>
    public static MqttBrokerBuilder AddMqttBroker(this IServiceCollection services, IConfiguration configuration, Action<MqttBrokerOptions>? configure = null)
    {
        var options = services.AddOptions<MqttBrokerOptions>().Configure(options =>
        {
            options.SysTopics = SysTopicKinds.Lifecycle;
            OptionsReader.Read(configuration, options);
        });
        if (configure is not null) options.Configure(configure);
        Add(services, options);
        return new MqttBrokerBuilder(services);
    }

    private static void Add(IServiceCollection services, OptionsBuilder<MqttBrokerOptions> options)
    {
        options
            .Validate(static options => options.MaxQueuedBytes <= options.MaxTotalQueuedBytes, "MaxQueuedBytes is more than MaxTotalQueuedBytes: one client may not have more than all.")
            .Validate(static options => options.MaxConnecting <= options.MaxConnections, "MaxConnecting is more than MaxConnections: those without CONNECT are connections, too.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static services => new MqttBroker(
            services.GetRequiredService<IOptions<MqttBrokerOptions>>().Value,
            services.GetService<IBrokerStore>() ?? new MemoryBrokerStore(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>()));
        services.TryAddSingleton<IMqttBroker>(static services => services.GetRequiredService<MqttBroker>());
        services.TryAddSingleton<BrokerService>();
        services.AddSingleton<IHostedService>(static services => services.GetRequiredService<BrokerService>());
    }
}
