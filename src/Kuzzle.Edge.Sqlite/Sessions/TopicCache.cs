namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>Gives one array to the messages of one topic, so that a million of them do not have a million copies of its name. Of fixed size: a topic may lose its place to another.</summary>
internal sealed class TopicCache
{
    private readonly byte[]?[] _topics = new byte[4096][];

    public byte[] Get(ReadOnlySpan<byte> topic)
    {
        var hash = default(HashCode);
        hash.AddBytes(topic);
        ref var place = ref _topics[hash.ToHashCode() & (_topics.Length - 1)];
        if (place is null || !topic.SequenceEqual(place)) place = topic.ToArray();
        return place;
    }
}
