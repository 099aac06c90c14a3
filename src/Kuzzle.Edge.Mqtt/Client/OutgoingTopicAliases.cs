namespace Kuzzle.Edge.Mqtt.Client;

/// <summary>
/// The short names that this side has given to topics, in the order of the packets. A topic keeps its alias for the connection; when all are given, further topics have none:
/// changing them about would cost what they save. [MQTT5-3.3.2-10]
/// </summary>
internal sealed class OutgoingTopicAliases(int maximum)
{
    private readonly Dictionary<string, ushort> _aliases = new(StringComparer.Ordinal);

    /// <summary>The alias for a topic, 0 for none, and whether the server knows it already.</summary>
    public ushort Use(string topic, out bool isKnown)
    {
        isKnown = _aliases.TryGetValue(topic, out var alias);
        if (isKnown || _aliases.Count >= maximum) return alias;

        alias = (ushort)(_aliases.Count + 1);
        _aliases.Add(topic, alias);
        return alias;
    }
}
