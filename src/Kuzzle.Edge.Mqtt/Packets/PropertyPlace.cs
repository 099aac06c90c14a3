namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>Where a property list stands. [MQTT5 2.2.2.2, table 2-4]</summary>
[Flags]
internal enum PropertyPlace
{
    None = 0,
    Connect = 1 << 0,
    Will = 1 << 1,
    Connack = 1 << 2,
    Publish = 1 << 3,
    Acknowledgement = 1 << 4,
    Subscribe = 1 << 5,
    Suback = 1 << 6,
    Unsubscribe = 1 << 7,
    Unsuback = 1 << 8,
    Disconnect = 1 << 9,
    Auth = 1 << 10,
    Everywhere = (1 << 11) - 1,
}
