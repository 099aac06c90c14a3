namespace Kuzzle.Edge.Api.Realtime;

/// <summary>
/// Which rooms each document of a collection matched when it was last written, so that leaving can be told. Bounded in time by Kuzzle's limit, and in number:
/// beyond it the documents that were written longest ago are forgotten, and leave silently.
/// </summary>
internal sealed class MatchMemory(TimeProvider clock, TimeSpan timeToLive)
{
    /// <summary>About 20 MB when every document matches a room or two.</summary>
    public const int Capacity = 100_000;

    private readonly Dictionary<string, LinkedListNode<Memory>> _byId = new(StringComparer.Ordinal);
    private readonly LinkedList<Memory> _oldestFirst = new();

    public IReadOnlyList<Room> Recall(string id)
    {
        Expire();
        return _byId.TryGetValue(id, out var node) ? node.Value.Rooms : [];
    }

    public void Remember(string id, IReadOnlyList<Room> rooms)
    {
        Forget(id);
        if (rooms.Count == 0) return;

        _byId[id] = _oldestFirst.AddLast(new Memory(id, [.. rooms], clock.GetUtcNow()));
        if (_byId.Count > Capacity) Forget(_oldestFirst.First!.Value.Id);
    }

    public void Forget(string id)
    {
        if (_byId.Remove(id, out var node)) _oldestFirst.Remove(node);
    }

    private void Expire()
    {
        if (timeToLive == TimeSpan.Zero) return;

        var oldest = clock.GetUtcNow() - timeToLive;
        while (_oldestFirst.First is { } first && first.Value.At < oldest) Forget(first.Value.Id);
    }

    private sealed record Memory(string Id, Room[] Rooms, DateTimeOffset At);
}
