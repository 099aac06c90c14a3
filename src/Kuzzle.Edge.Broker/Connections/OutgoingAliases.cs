using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Subscriptions;

namespace Kuzzle.Edge.Broker.Connections;

/// <summary>
/// The short names by which a client knows topics that come to it again and again, for its connection only. [MQTT5-3.3.2-11] A topic gets one when it comes for the second
/// time, as long as there are any, and keeps it: changing them about would cost what they save. Used under the lock of the session, so that no message overtakes
/// the one that brings its alias.
/// </summary>
/// <param name="maximum">How many there may be: what the client takes, and what the broker keeps. [MQTT5-3.1.2-26]</param>
internal sealed class OutgoingAliases(int maximum)
{
    // The property and the empty topic cost what five bytes of topic do; below this there is next to nothing to gain.
    private const int ShortestTopic = 8;

    // A longer one would cost the broker more memory than it saves on the wire: with the default of 32 aliases this is 32 KiB for a connection.
    private const int LongestTopic = 1024;

    // How many topics are remembered that came once; a power of two. A topic that pushes another out of its place only delays its alias.
    private const int Remembered = 64;

    private Dictionary<byte[], ushort>? _aliases;
    private int[]? _seen;

    /// <summary>The alias a client knows already, or none.</summary>
    public TopicAliasUse Find(ReadOnlySpan<byte> topic) =>
        _aliases is not null && _aliases.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(topic, out var alias) ? new TopicAliasUse(alias, IsNew: false) : default;

    /// <summary>The alias for a message that is about to be sent, or none.</summary>
    public TopicAliasUse Choose(ReadOnlySpan<byte> topic)
    {
        if (topic.Length is < ShortestTopic or > LongestTopic) return default;

        var known = Find(topic);
        if (known.Alias != 0 || _aliases?.Count >= maximum) return known;

        var hash = TopicHash.Compute(topic) | 1; // Not 0, which is an empty place.
        _seen ??= new int[Remembered];
        ref var seen = ref _seen[(hash >> 1) & (Remembered - 1)];
        if (seen == hash) return new TopicAliasUse((ushort)((_aliases?.Count ?? 0) + 1), IsNew: true);

        seen = hash;
        return default;
    }

    /// <summary>The client was sent the topic with its new alias.</summary>
    public void Assign(ReadOnlySpan<byte> topic, TopicAliasUse use)
    {
        _aliases ??= new Dictionary<byte[], ushort>(TopicComparer.Instance);
        _aliases.Add(topic.ToArray(), use.Alias);
        if (_aliases.Count == maximum) _seen = null;
    }
}
