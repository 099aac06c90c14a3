namespace Kuzzle.Edge.Mqtt.Packets;

/// <summary>How a property's value is encoded.</summary>
internal enum PropertyKind : byte
{
    Unknown,
    Byte,
    TwoBytes,
    FourBytes,
    VariableInteger,
    Text,
    Binary,
    Pair,
}
