using System.Net;
using System.Net.Sockets;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Listeners.Tls;

namespace Kuzzle.Edge.Listeners.Hosting;

/// <summary>Lets a broker that runs as a service of its program listen. Each may be called more than once, for one endpoint each.</summary>
public static class MqttListeners
{
    /// <summary>Listens on a TCP port, in the clear.</summary>
    /// <param name="options">The options of the broker.</param>
    /// <param name="endPoint">The address; port 0 lets the system choose.</param>
    /// <param name="bounds">Its bounds, or null for the defaults.</param>
    public static MqttBrokerOptions ListenTcp(this MqttBrokerOptions options, IPEndPoint endPoint, TcpListenerOptions? bounds = null) =>
        With(options, new SocketListener(endPoint, bounds ?? new TcpListenerOptions(), tls: null));

    /// <inheritdoc cref="ListenTcp(MqttBrokerOptions, IPEndPoint, TcpListenerOptions?)"/>
    public static MqttBrokerOptions ListenTcp(this MqttBrokerOptions options, IPAddress address, int port) => options.ListenTcp(new IPEndPoint(address, port));

    /// <summary>Listens on a TCP port, with TLS. Certificates are read again when their files change.</summary>
    /// <param name="options">The options of the broker.</param>
    /// <param name="endPoint">The address; port 0 lets the system choose.</param>
    /// <param name="tls">The certificate, and what is asked of clients.</param>
    /// <param name="bounds">Its bounds, or null for the defaults.</param>
    public static MqttBrokerOptions ListenTls(this MqttBrokerOptions options, IPEndPoint endPoint, TlsOptions tls, TcpListenerOptions? bounds = null) =>
        With(options, new SocketListener(endPoint, bounds ?? new TcpListenerOptions(), tls));

    /// <summary>Listens on a Unix domain socket.</summary>
    /// <param name="options">The options of the broker.</param>
    /// <param name="path">The path of the socket, which is made, and removed at the end.</param>
    /// <param name="bounds">Its bounds and its file mode, or null for the defaults.</param>
    public static MqttBrokerOptions ListenUnix(this MqttBrokerOptions options, string path, TcpListenerOptions? bounds = null) =>
        With(options, new SocketListener(new UnixDomainSocketEndPoint(path), bounds ?? new TcpListenerOptions(), tls: null));

    private static MqttBrokerOptions With(MqttBrokerOptions options, SocketListener listener)
    {
        options.Listeners.Add(listener);
        return options;
    }
}
