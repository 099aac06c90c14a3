using System.IO.Pipelines;

namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>
/// A connection whose peer proves who it is while it connects, as in a TLS handshake. The handshake is done behind the first read: so it counts against the time and
/// the number of connections that the broker allows to those who have not been let in.
/// </summary>
public interface IMqttTransport : IDuplexPipe
{
    /// <summary>Who is at the other end. What it says when the first byte is handed over holds to the end.</summary>
    MqttPeer Peer { get; }
}
