using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>Who is at the other end of a connection, as far as its transport knows.</summary>
/// <param name="Transport">What carries the connection.</param>
/// <param name="RemoteEndPoint">The peer's address, or null when the transport has none.</param>
public sealed record MqttPeer(MqttTransport Transport, EndPoint? RemoteEndPoint)
{
    /// <summary>The peer's IP address without its port; of other transports whatever their address is, or null.</summary>
    public string? RemoteAddress => (RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? RemoteEndPoint?.ToString();

    /// <summary>The certificate the client has proven to hold, verified against the listener's trust anchors; null when it showed none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// The certificate the client has proven to hold and nobody has verified, on a listener that leaves that to its profile; null on every other, and when it showed none.
    /// </summary>
    public X509Certificate2? UnverifiedCertificate { get; init; }

    /// <summary>The certificates that came with <see cref="UnverifiedCertificate"/>.</summary>
    public IReadOnlyList<X509Certificate2> Intermediates { get; init; } = [];

    /// <summary>The identity whose pre-shared key the client has proven to know (TLS-PSK), or null.</summary>
    public string? PskIdentity { get; init; }
}
