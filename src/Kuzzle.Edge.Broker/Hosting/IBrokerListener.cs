namespace Kuzzle.Edge.Broker.Hosting;

/// <summary>Where connections come from: a port, a socket file, whatever hands the broker pairs of pipes.</summary>
public interface IBrokerListener
{
    /// <summary>Begins to accept connections, and serves each with the broker.</summary>
    /// <param name="context">The broker, and by which rules.</param>
    /// <param name="cancellationToken">The start is given up.</param>
    /// <returns>What runs now. Disposing it ends it; the broker has closed its connections by then.</returns>
    ValueTask<IRunningListener> StartAsync(BrokerListenerContext context, CancellationToken cancellationToken);
}
