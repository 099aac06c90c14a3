using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Listeners;

/// <summary>A client of a listener whose messages and subscriptions belong to its dialect.</summary>
public interface IDialectClient : IMqttClient
{
    /// <summary>The version it speaks.</summary>
    MqttVersion Version { get; }

    /// <summary>
    /// Sends a message at QoS 0 or 1 to this client, whether it subscribed or not. Waits while the client does not read, or has as many unacknowledged as it takes. From any
    /// thread, once the client was accepted.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Nobody waits for it any more: not sent if it was not, and its acknowledgement means nothing.</param>
    /// <exception cref="ArgumentException">The message is QoS 2.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before there was an outcome.</exception>
    Task<SendOutcome> SendAsync(MqttMessage message, CancellationToken cancellationToken);

    /// <summary>Closes the connection as soon as what was sent before is written.</summary>
    /// <param name="reason">What an MQTT 5 client is told.</param>
    /// <param name="text">One sentence for it and for the log.</param>
    /// <exception cref="ArgumentException">The reason is none for a DISCONNECT of the server.</exception>
    void Close(ReasonCode reason, string text);
}
