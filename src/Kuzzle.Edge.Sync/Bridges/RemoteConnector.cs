using System.Net.Security;
using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Client.Connectors;
using Kuzzle.Edge.Sync.Links;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>Connects a bridge to its other side. The files of its TLS are read at each connection, so that renewed ones are used.</summary>
/// <param name="options">Where to.</param>
public sealed class RemoteConnector(MqttBridgeOptions options) : IMqttConnector
{
    /// <inheritdoc/>
    public ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        SslClientAuthenticationOptions? tls = null;
        try
        {
            if (options.Url.Scheme is "mqtts" or "wss")
            {
                tls = options.Tls.Load();
                tls.TargetHost ??= options.Tls.ServerName;
            }
        }
        catch (LinkBrokenException unusable)
        {
            throw new IOException(unusable.Message, unusable);
        }

        return new MqttNetworkConnector(options.Url, tls).ConnectAsync(cancellationToken);
    }
}
