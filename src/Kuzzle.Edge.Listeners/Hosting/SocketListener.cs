using System.Net;
using Kuzzle.Edge.Broker.Hosting;
using Kuzzle.Edge.Listeners.Tls;

namespace Kuzzle.Edge.Listeners.Hosting;

/// <summary>An endpoint that is opened when the broker of a program starts.</summary>
internal sealed class SocketListener(EndPoint endPoint, TcpListenerOptions bounds, TlsOptions? tls) : IBrokerListener
{
    public ValueTask<IRunningListener> StartAsync(BrokerListenerContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var running = new RunningSocketListener(endPoint, bounds, tls, context);
        running.Start();
        return new(running);
    }
}
