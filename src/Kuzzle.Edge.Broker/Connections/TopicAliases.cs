using System.Globalization;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Mqtt;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>The short names a client gave to its topics, for this connection only. [MQTT5-3.3.2-7]</summary>
internal sealed class TopicAliases(int maximum)
{
    private byte[]?[] _topics = [];

    /// <summary>Finds the topic an alias stands for, or lets it stand for another.</summary>
    /// <returns>Null, or why the connection ends.</returns>
    public Ending? Resolve(int alias, Publication publication)
    {
        var topic = publication.Topic;
        if (alias > maximum) return TooHigh(alias); // [MQTT5-3.3.2-9]
        if (topic.IsEmpty)
        {
            if (alias >= _topics.Length || _topics[alias] is not { } known) return Unknown(alias);

            publication.Rename(known);
            return null;
        }

        if (alias >= _topics.Length) Array.Resize(ref _topics, Math.Min(maximum + 1, Math.Max(alias + 1, _topics.Length * 2)));
        if (_topics[alias] is not { } same || !topic.Span.SequenceEqual(same)) _topics[alias] = topic.ToArray();
        return null;
    }

    private Ending TooHigh(int alias) => Ending.Because(
        ReasonCode.TopicAliasInvalid, string.Create(CultureInfo.InvariantCulture, $"The topic alias is {alias}; the Topic Alias Maximum of this broker is {maximum}."));

    private static Ending Unknown(int alias) =>
        Ending.Violation(string.Create(CultureInfo.InvariantCulture, $"The topic alias {alias} was not given a topic on this connection."));
}
