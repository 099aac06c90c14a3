using Kuzzle.Edge.Mqtt.Client;
using Kuzzle.Edge.Mqtt.Packets;

namespace Kuzzle.Edge.Sync.Bridges;

/// <summary>
/// Which bridges a message has crossed, in user properties of MQTT 5.0: a message that comes back to a bridge it has crossed is in a loop. Older versions lose the
/// properties, and with them the path.
/// </summary>
internal static class BridgePath
{
    /// <summary>More bridges than this, one behind the other, are a loop that somebody strips of its path.</summary>
    public const int MaxLength = 16;

    private const string Name = "kuzzle-edge-bridge";

    /// <summary>Whether the message has crossed this bridge, or too many.</summary>
    public static bool IsLoop(MqttApplicationMessage message, string bridge)
    {
        var length = 0;
        foreach (var property in message.Properties?.UserProperties ?? [])
        {
            if (property.Name != Name) continue;
            if (property.Value == bridge || ++length >= MaxLength) return true;
        }

        return false;
    }

    /// <summary>The properties of the message when it has crossed.</summary>
    public static MqttProperties Extend(MqttProperties? properties, string bridge)
    {
        var before = properties ?? new MqttProperties();
        return before with { SubscriptionIdentifier = null, UserProperties = [.. before.UserProperties, new UserProperty(Name, bridge)] };
    }
}
