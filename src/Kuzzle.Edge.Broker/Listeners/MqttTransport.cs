namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>What carries a connection.</summary>
public enum MqttTransport
{
    /// <summary>A pipe within the process.</summary>
    Memory,

    /// <summary>TCP in the clear.</summary>
    Tcp,

    /// <summary>TLS over TCP, with certificates or a pre-shared key.</summary>
    Tls,

    /// <summary>WebSocket over HTTP.</summary>
    WebSocket,

    /// <summary>WebSocket over HTTPS.</summary>
    SecureWebSocket,

    /// <summary>A Unix domain socket.</summary>
    Unix,
}
