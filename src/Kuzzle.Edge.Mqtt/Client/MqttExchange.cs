using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>Under what identifier a message is sent, where that is not the client's choice.</summary>
/// <param name="PacketIdentifier">The identifier; 0 for one of the client's choice.</param>
/// <param name="Duplicate">Whether an earlier program may have sent the message under it.</param>
/// <param name="ReleaseFirst">
/// At QoS 2, whether the server may still own the identifier for another message of an earlier program: then it is released before, or the server would take this message for that one.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MqttExchange(ushort PacketIdentifier, bool Duplicate, bool ReleaseFirst);
