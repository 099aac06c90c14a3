using Kuzzle.Edge.Broker.Access;

namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>A connected client, as a listener's profile sees it.</summary>
public interface IMqttClient
{
    /// <summary>The MQTT client identifier, given by the client or assigned.</summary>
    string ClientId { get; }

    /// <summary>The user name of its CONNECT, or null. A claim: see <see cref="Identity"/>.</summary>
    string? UserName { get; }

    /// <summary>Who is at the other end of its connection.</summary>
    MqttPeer Peer { get; }

    /// <summary>Who it has proven to be. Set by the profile while it judges the CONNECT, and by nobody afterwards.</summary>
    ClientIdentity Identity { get; set; }

    /// <summary>Whatever the profile wants to remember about this connection.</summary>
    object? ProfileState { get; set; }

    /// <summary>
    /// Sends a QoS 0 message to this client alone, whether it subscribed or not. From any thread; does nothing when the connection has ended. A client
    /// that does not read loses messages beyond its bound, and a counter rises.
    /// </summary>
    /// <exception cref="ArgumentException">The topic is no topic name, or the message is larger than MQTT can carry.</exception>
    void Send(MqttMessage message);

    /// <summary>Closes the connection as soon as what was sent before is written.</summary>
    void Close();
}
