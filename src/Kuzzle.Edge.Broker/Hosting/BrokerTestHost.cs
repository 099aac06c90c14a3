using System.IO.Pipelines;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt;
using Kuzzle.Edge.Mqtt.Packets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>
/// For the tests of a program that embeds the broker: its services, with a broker that is reached through memory. No port is opened, but everything else is as in the program:
/// handlers, observers, options, store.
/// </summary>
public sealed class BrokerTestHost : IAsyncDisposable
{
    private readonly BrokerService _service;
    private readonly MqttBroker _broker;
    private readonly IListenerProfile _profile;
    private readonly List<Task> _served = [];

    private BrokerTestHost(IServiceProvider services, MqttBrokerOptions options)
    {
        _service = services.GetRequiredService<BrokerService>();
        _broker = services.GetRequiredService<MqttBroker>();
        _profile = services.GetServices<IListenerProfile>().LastOrDefault() ?? new OpenProfile(options.Anonymous);
    }

    /// <summary>The running broker.</summary>
    public IMqttBroker Broker => _broker;

    /// <summary>Starts the broker that is among these services. The listeners of its options are left out.</summary>
    /// <param name="services">The services of the program: <c>AddMqttBroker</c>, what its handlers need, and logging. Not disposed with this.</param>
    public static async Task<BrokerTestHost> StartAsync(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<MqttBrokerOptions>>().Value;
        options.Listeners.Clear();
        var host = new BrokerTestHost(services, options);
        await host._service.StartAsync(CancellationToken.None).ConfigureAwait(false);
        return host;
    }

    /// <summary>A connection on which nothing was sent. Its client is told what CONNECT was answered with.</summary>
    public BrokerTestClient Open(MqttVersion version = MqttVersion.V5)
    {
        var (toBroker, fromBroker) = (new Pipe(), new Pipe());
        var peer = new MqttPeer(MqttTransport.Memory, RemoteEndPoint: null);
        lock (_served) _served.Add(_broker.ServeAsync(new PipePair(toBroker.Reader, fromBroker.Writer), peer, _profile, CancellationToken.None));
        return new BrokerTestClient(new PipePair(fromBroker.Reader, toBroker.Writer), version);
    }

    /// <summary>A client that has been let in.</summary>
    /// <exception cref="InvalidOperationException">It was refused; the message has the reason code.</exception>
    public async Task<BrokerTestClient> ConnectAsync(string clientId, MqttVersion version = MqttVersion.V5)
    {
        var client = Open(version);
        var reason = await client.ConnectAsync(new ConnectPacket { Version = version, ClientId = clientId, CleanStart = true }).ConfigureAwait(false);
        return reason == ReasonCode.Success ? client : throw new InvalidOperationException($"The client {clientId} was refused: {reason}.");
    }

    /// <summary>Stops the broker.</summary>
    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await Task.WhenAll(_served).ConfigureAwait(false);
    }

    private sealed class PipePair(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
