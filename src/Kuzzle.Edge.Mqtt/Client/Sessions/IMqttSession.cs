namespace Kuzzle.Edge.Mqtt.Client.Sessions;

/// <summary>
/// The client's side of a session (3.1.1 and 5.0, 4.1): own messages that are not acknowledged to the end, and the identifiers of QoS 2 messages that came. It outlives
/// connections, and processes where it is kept on a disk. One connection uses it at a time. Changes may be begun before earlier ones have completed; they take effect in the order in
/// which they were begun.
/// </summary>
public interface IMqttSession
{
    /// <summary>All there is, at the start of a connection; own messages in the order in which they were stored.</summary>
    ValueTask<MqttSessionState> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps an own message before it is sent for the first time. [MQTT5-4.4.0-1]</summary>
    Task StoreAsync(MqttOutgoing outgoing);

    /// <summary>
    /// The server has taken the QoS 2 message: it must not be sent again, only its PUBREL, which waits for the task. [MQTT-4.3.3-1] [MQTT5-4.3.3-4] Until then a session that is
    /// loaded may hold the message as if not taken: to send it again is as right.
    /// </summary>
    Task ReleaseAsync(ushort packetIdentifier);

    /// <summary>The exchange has ended; the identifier is free. What became of a message that an earlier connection has begun to send is told here alone.</summary>
    /// <param name="packetIdentifier">Of the message.</param>
    /// <param name="result">What the server has said, or why it was not sent again.</param>
    Task CompleteAsync(ushort packetIdentifier, MqttPublishResult result);

    /// <summary>A QoS 2 message that came was handled; when it comes again, it is not. [MQTT-4.3.3-2] [MQTT5-4.3.3-10]</summary>
    Task AddReceivedAsync(ushort packetIdentifier);

    /// <summary>The server has released the identifier, be it one that the session does not know; PUBCOMP waits for the task. [MQTT5-4.3.3-12]</summary>
    Task RemoveReceivedAsync(ushort packetIdentifier);

    /// <summary>The server has forgotten the session: so are the identifiers that came, and own messages it has taken. Those it has not are kept. [MQTT5-3.2.2-5]</summary>
    Task ForgetServerStateAsync();
}
