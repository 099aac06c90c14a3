namespace Kuzzle.Edge.Mqtt.Topics;

/// <summary>
/// The aliases that the peer of one connection has set, from 1 to the maximum announced to it. They end with the connection. [MQTT5-3.3.2-7]
/// </summary>
/// <param name="maximum">The Topic Alias Maximum that was announced.</param>
public sealed class TopicAliases(ushort maximum)
{
    private readonly byte[]?[] _topics = new byte[]?[maximum];

    /// <summary>
    /// The topic that a message means: its own, which its alias stands for from now on, or the one that its alias stands for. False when the alias is
    /// not known, which is a protocol error, or out of range.
    /// </summary>
    /// <param name="topic">The topic of the packet; empty when the alias alone was sent.</param>
    /// <param name="alias">The alias of the packet; 0 for none.</param>
    /// <param name="resolved">Valid as long as <paramref name="topic"/>, or until the alias is set anew.</param>
    public bool TryResolve(ReadOnlySpan<byte> topic, ushort alias, out ReadOnlySpan<byte> resolved)
    {
        resolved = topic;
        if (alias == 0) return !topic.IsEmpty;
        if (alias > _topics.Length) return false;

        ref var known = ref _topics[alias - 1];
        if (topic.IsEmpty)
        {
            resolved = known;
            return known is not null;
        }

        if (known is null || !topic.SequenceEqual(known)) known = topic.ToArray();
        return true;
    }
}
