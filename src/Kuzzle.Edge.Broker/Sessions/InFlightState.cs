namespace Kuzzle.Edge.Broker.Sessions;

/// <summary>What an outgoing message waits for.</summary>
internal enum InFlightState : byte
{
    /// <summary>The place is free: acknowledged, but older ones are not.</summary>
    Done,

    /// <summary>QoS 1: PUBACK.</summary>
    Puback,

    /// <summary>QoS 2: PUBREC.</summary>
    Pubrec,

    /// <summary>QoS 2: PUBCOMP. The message itself is gone: it must never be sent again. [MQTT5-4.3.3-6]</summary>
    Pubcomp,
}
