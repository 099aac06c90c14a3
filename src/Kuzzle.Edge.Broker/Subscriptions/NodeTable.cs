namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>
/// Nodes by name: a hash table with open addressing that any number of threads may search while one writer changes it. Slots only ever go from empty to a node
/// and from a node to <see cref="Gone"/>, and growing makes a new array, so a search sees each node that was there all the time.
/// </summary>
internal sealed class NodeTable<TNode>
    where TNode : LevelNode
{
    private static readonly LevelNode Gone = new([], 0);

    private LevelNode?[] _slots = new LevelNode?[2];
    private int _used; // Nodes and tombstones.

    public int Count { get; private set; }

    public TNode? Find(ReadOnlySpan<byte> name, int hash)
    {
        var slots = Volatile.Read(ref _slots);
        var mask = slots.Length - 1;
        for (var i = hash & mask; ; i = (i + 1) & mask)
        {
            var node = Volatile.Read(ref slots[i]);
            if (node is null) return null;
            if (node.Hash == hash && node != Gone && name.SequenceEqual(node.Name)) return (TNode)node;
        }
    }

    /// <summary>Adds a node whose name is not there yet.</summary>
    public void Add(TNode node)
    {
        // At most three quarters used, and never all: a search must always meet an empty slot, and soon.
        if ((_used + 1) * 4 > _slots.Length * 3) Rebuild();

        Place(_slots, node);
        _used++;
        Count++;
    }

    public void Remove(TNode node)
    {
        var mask = _slots.Length - 1;
        var i = node.Hash & mask;
        while (_slots[i] != node) i = (i + 1) & mask;
        Volatile.Write(ref _slots[i], Gone);
        Count--;
        if (_slots.Length > 16 && Count * 8 < _slots.Length) Rebuild();
    }

    /// <summary>Adds all nodes to <paramref name="nodes"/>.</summary>
    public void CollectInto(List<TNode> nodes)
    {
        foreach (var node in Volatile.Read(ref _slots))
        {
            if (node is not null && node != Gone) nodes.Add((TNode)node);
        }
    }

    private void Rebuild()
    {
        var capacity = 2;
        while (capacity < (Count + 1) * 2) capacity *= 2;

        var slots = new LevelNode?[capacity];
        foreach (var node in _slots)
        {
            if (node is not null && node != Gone) Place(slots, node);
        }

        _used = Count;
        Volatile.Write(ref _slots, slots);
    }

    private static void Place(LevelNode?[] slots, LevelNode node)
    {
        var mask = slots.Length - 1;
        var i = node.Hash & mask;
        while (slots[i] is not null) i = (i + 1) & mask;
        Volatile.Write(ref slots[i], node);
    }
}
