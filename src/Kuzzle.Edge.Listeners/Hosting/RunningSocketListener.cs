using System.Net;
using System.Net.Sockets;
using Kuzzle.Edge.Broker.Hosting;
using Kuzzle.Edge.Broker.Listeners;
using Kuzzle.Edge.Listeners.Tls;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Listeners.Hosting;

/// <summary>An endpoint whose connections a broker serves.</summary>
internal sealed class RunningSocketListener : IRunningListener
{
    private readonly BrokerListenerContext _context;
    private readonly ListenerMetrics _metrics = new();
    private readonly ILogger _logger;
    private readonly RenewedHandshake? _handshake;
    private readonly TlsRenewal? _renewal;
    private readonly MqttTransport _plain;
    private readonly TcpListenerTransport _transport;

    public RunningSocketListener(EndPoint endPoint, TcpListenerOptions bounds, TlsOptions? tls, BrokerListenerContext context)
    {
        _context = context;
        _logger = context.Loggers.CreateLogger<TcpListenerTransport>();
        _plain = endPoint is UnixDomainSocketEndPoint ? MqttTransport.Unix : MqttTransport.Tcp;
        if (tls is not null)
        {
            _handshake = new RenewedHandshake(tls, [], context.Clock, _logger);
            _renewal = new TlsRenewal([_handshake], context.Clock);
        }

        _transport = new TcpListenerTransport(
            endPoint,
            (pipes, remote, cancellationToken) => _handshake is { } handshake
                ? ServeTlsAsync(new TlsTransport(pipes, remote, handshake, _metrics, context.Clock, _logger), cancellationToken)
                : context.Broker.ServeAsync(pipes, new MqttPeer(_plain, remote), context.Profile, cancellationToken),
            bounds,
            _metrics,
            context.Clock,
            _logger);
    }

    public EndPoint? EndPoint => _transport.EndPoint;

    public void Start()
    {
        _transport.Start();
        _renewal?.Start();
    }

    public Task CloseAsync() => _transport.UnbindAsync();

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        if (_renewal is not null) await _renewal.DisposeAsync();
        _handshake?.Dispose();
        _metrics.Dispose();
    }

    private async Task ServeTlsAsync(TlsTransport transport, CancellationToken cancellationToken)
    {
        await using (transport)
        {
            var serving = _context.Broker.ServeAsync(transport, _context.Profile, cancellationToken);
            if (!serving.IsCompleted) transport.Start(); // Else the broker has turned it away, and a handshake would be work for nothing.
            await serving;
        }
    }
}
