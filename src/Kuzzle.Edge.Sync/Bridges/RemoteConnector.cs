using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Connectors;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>Connects a bridge to its other side. The files of its TLS are read at each connection, so that renewed ones are used.</summary>
/// <param name="options">Where to.</param>
/// <param name="clock">What this box takes for the time.</param>
public sealed class RemoteConnector(MqttBridgeOptions options, TimeProvider clock) : IMqttConnector
{
    /// <inheritdoc/>
    public ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken) =>
        options.Url.Scheme is "mqtts" or "wss" ? ConnectSecurelyAsync(cancellationToken) : new MqttNetworkConnector(options.Url).ConnectAsync(cancellationToken);

    private async ValueTask<Stream> ConnectSecurelyAsync(CancellationToken cancellationToken)
    {
        var peer = new PeerCertificate(options.Tls.Trust, options.Tls.ServerName ?? options.Url.DnsSafeHost, clock);
        try
        {
            var tls = options.Tls.Load(peer);
            tls.TargetHost = options.Tls.ServerName;
            return await new MqttNetworkConnector(options.Url, tls).ConnectAsync(cancellationToken);
        }
        catch (LinkBrokenException unusable)
        {
            throw new IOException(unusable.Message, unusable);
        }
        catch (IOException failed) when (peer.Complaint is { } complaint)
        {
            throw new IOException($"{options.Url.Host} cannot be trusted. {complaint}", failed);
        }
    }
}
