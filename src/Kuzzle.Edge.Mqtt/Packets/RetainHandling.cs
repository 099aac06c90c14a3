namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>Whether a subscription gets the retained messages; the value is the one on the wire. [MQTT5-3.3.1-9] [MQTT5-3.3.1-10] [MQTT5-3.3.1-11]</summary>
public enum RetainHandling : byte
{
    /// <summary>At every SUBSCRIBE.</summary>
    SendAlways = 0,

    /// <summary>Only when the subscription did not exist before.</summary>
    SendIfNew = 1,

    /// <summary>Never.</summary>
    SendNever = 2,
}
