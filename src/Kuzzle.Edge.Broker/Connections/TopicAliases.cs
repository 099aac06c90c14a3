using System.Globalization;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>The short names a client gave to its topics, for this connection only. [MQTT5-3.3.2-7]</summary>
internal sealed class TopicAliases(int maximum)
{
    private byte[]?[] _topics = [];

    /// <summary>Finds the topic an alias stands for, or lets it stand for another.</summary>
    /// <param name="alias">The alias of a packet.</param>
    /// <param name="topic">Its topic; empty where the alias stands for it.</param>
    /// <param name="known">What the alias stands for; null when the packet has its topic itself.</param>
    /// <returns>Null, or why the connection ends.</returns>
    public Ending? Resolve(int alias, ReadOnlySpan<byte> topic, out byte[]? known)
    {
        known = null;
        if (alias > maximum) return TooHigh(alias); // [MQTT5-3.3.2-9]
        if (topic.IsEmpty)
        {
            known = alias < _topics.Length ? _topics[alias] : null;
            return known is null ? Unknown(alias) : null;
        }

        if (alias >= _topics.Length) Array.Resize(ref _topics, Math.Min(maximum + 1, Math.Max(alias + 1, _topics.Length * 2)));
        if (_topics[alias] is not { } same || !topic.SequenceEqual(same)) _topics[alias] = topic.ToArray();
        return null;
    }

    private Ending TooHigh(int alias) => Ending.Because(
        ReasonCode.TopicAliasInvalid, string.Create(CultureInfo.InvariantCulture, $"The topic alias is {alias}; the Topic Alias Maximum of this broker is {maximum}."));

    private static Ending Unknown(int alias) =>
        Ending.Violation(string.Create(CultureInfo.InvariantCulture, $"The topic alias {alias} was not given a topic on this connection."));
}
