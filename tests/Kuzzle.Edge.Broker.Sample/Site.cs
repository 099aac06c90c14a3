using Kuzzle.Edge.Broker.Events;
using Kuzzle.Edge.Broker.Handlers;
using Kuzzle.Edge.Broker.Hosting;
using Kuzzle.Edge.Broker.SysTopics;
using Kuzzle.Edge.Mqtt;
using Microsoft.Extensions.DependencyInjection;

namespace Kuzzle.Edge.Broker.Sample;

/// <summary>What a site does with its broker: each handler, event, method and option once.</summary>
internal static class Site
{
    public static MqttBrokerBuilder AddSite(this IServiceCollection services, Action<MqttBrokerOptions> listen)
    {
        services.AddSingleton<SiteLog>();
        services.AddSingleton<Thermometers>();
        return services
            .AddMqttBroker(options =>
            {
                options.Id = "binarybeast";
                options.Concurrency = 100;
                options.QueueLimit = 42;
                options.MaxClientsIdLength = 23;
                options.ConnectTimeout = TimeSpan.FromSeconds(30);
                options.HeartbeatInterval = TimeSpan.FromSeconds(60);
                options.SysTopics = SysTopicKinds.Lifecycle | SysTopicKinds.Statistics;
                listen(options);
            })

            // A class that decides, and a class that listens.
            .AddHandler<SitePolicy>()
            .AddObserver<SiteLog>()

            // Functions do as well, alone or with a service of the program.
            .OnPreConnect((context, _) => new(context.Packet.ClientId == "banned" ? PreConnectDecision.Refuse(ReasonCode.Banned) : PreConnectDecision.Continue))
            .OnAuthorizeForward(static (in ForwardContext context) => context.Client.ClientId == "guest" && context.Topic.StartsWith("private/"u8) ? ForwardDecision.Skip : ForwardDecision.Pass)
            .OnPublished<Thermometers>((thermometers, context, token) => thermometers.StoreAsync(context.Message, token))
            .OnMessage<Thermometers>("sensors/+/ask", (thermometers, message, token) => thermometers.AnswerAsync(message, token))
            .On<SiteLog, ClientDisconnected>((log, gone, _) => log.SayAsync($"{gone.Client.ClientId} has gone: {gone.Cause}"));
    }
}
