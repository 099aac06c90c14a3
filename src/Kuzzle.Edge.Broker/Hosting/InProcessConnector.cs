using System.IO.Pipelines;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Connectors;

namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>
/// Connects clients of this process to its broker, through memory. With a session that outlives its connection such a client is a durable subscription: whoever publishes
/// at QoS 1 or 2 is acknowledged when the message is in its queue on the disk. Dispose it when the broker has stopped.
/// </summary>
/// <param name="broker">The broker.</param>
/// <param name="profile">What these clients may do.</param>
public sealed class InProcessConnector(MqttBroker broker, IListenerProfile profile) : IMqttConnector, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Task> _served = [];

    /// <inheritdoc/>
    public ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var (toBroker, fromBroker) = (new Pipe(), new Pipe());
        var serving = broker.ServeAsync(new PipePair(toBroker.Reader, fromBroker.Writer), new MqttPeer(MqttTransport.Memory, RemoteEndPoint: null), profile, CancellationToken.None);
        lock (_lock)
        {
            _served.RemoveAll(static ended => ended.IsCompleted);
            _served.Add(serving);
        }

        return new(new DuplexPipeStream(fromBroker.Reader, toBroker.Writer));
    }

    /// <summary>Waits until the broker has ended with all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] served;
        lock (_lock) served = [.. _served];
        await Task.WhenAll(served).ConfigureAwait(false);
    }

    private sealed class PipePair(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
