namespace Kuzzle.Edge.Broker.Storage;

/// <summary>How far a message for a client has come.</summary>
public enum DeliveryState
{
    /// <summary>It waits to be sent for the first time; it has no packet identifier yet.</summary>
    Queued,

    /// <summary>It may have been sent, and is not acknowledged (QoS 1: PUBACK, QoS 2: PUBREC).</summary>
    Sent,

    /// <summary>QoS 2: the client has it (PUBREC); PUBREL may have been sent and PUBCOMP is missing. The message itself is no longer needed.</summary>
    Released,

    /// <summary>It is acknowledged, expired or dropped: nothing of it is kept.</summary>
    Done,
}
