namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>What an MQTT 3.1.1 client sees whose QoS 1 or 2 message is rejected.</summary>
public enum RejectionV311
{
    /// <summary>Its connection is closed, and the message is not acknowledged.</summary>
    Close,

    /// <summary>An acknowledgement like any other; the message is kept among the rejected ones of its application, with the reason.</summary>
    Acknowledge,
}
