namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>A message that came from the server.</summary>
/// <param name="Message">The message; its bytes may be kept.</param>
/// <param name="PacketIdentifier">0 at QoS 0. At QoS 2 unique until the exchange has ended.</param>
/// <param name="Duplicate">Whether the server has sent it before; at QoS 2 the handler has not seen it nevertheless.</param>
public sealed record MqttIncoming(MqttApplicationMessage Message, ushort PacketIdentifier, bool Duplicate)
{
    /// <summary>How many bytes of payload were discarded, because the packet is larger than this side takes; 0 for a message that is whole. See <see cref="MqttClientOptions.TakesOversized"/>.</summary>
    public int DiscardedBytes { get; init; }
}
