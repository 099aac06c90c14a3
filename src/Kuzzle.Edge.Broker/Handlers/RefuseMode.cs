namespace Kuzzle.Edge.Broker.Handlers;

/// <summary>How a client learns that its message is refused.</summary>
public enum RefuseMode
{
    /// <summary><see cref="ReasonCode"/> for MQTT 5 clients, <see cref="Disconnect"/> for others, who can be told in no other way.</summary>
    ByVersion,

    /// <summary>By the reason code of PUBACK or PUBREC; the connection stays. 3.x clients are acknowledged as if it were delivered. [MQTT-3.3.5-2]</summary>
    ReasonCode,

    /// <summary>The connection is closed without an acknowledgement, and the client's will is due.</summary>
    Disconnect,
}
