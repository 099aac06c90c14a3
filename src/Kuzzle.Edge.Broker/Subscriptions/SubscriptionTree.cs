namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>
/// Which members want a topic. Filters without wildcards sit in one table by their whole text, so that a publication costs one lookup however many there are; the
/// others in a tree of levels. Searching takes no lock and never recurses; changes take the lock.
/// </summary>
internal sealed class SubscriptionTree
{
    private readonly Lock _writing = new();
    private readonly NodeTable<FilterNode> _exact = new();
    private readonly TopicNode _root = new([], 0, null);
    private int _wildcards;

    /// <summary>Hangs a member under a filter, which must be valid and is kept.</summary>
    public void Add(byte[] filter, TreeMember member)
    {
        lock (_writing)
        {
            if (!filter.AsSpan().ContainsAny((byte)'+', (byte)'#'))
            {
                member.Node = FindOrAddExact(filter);
                member.Node.Members.Add(member);
                return;
            }

            var node = FindOrAddLevels(filter, out var endsWithHash);
            member.Node = node;
            if (endsWithHash) node.HashMembers.Add(member);
            else node.Members.Add(member);
            Volatile.Write(ref _wildcards, _wildcards + 1);
        }
    }

    /// <summary>Takes a member away from the filter it was added under.</summary>
    public void Remove(byte[] filter, TreeMember member)
    {
        lock (_writing)
        {
            if (member.Node is not { } node) return;

            member.Node = null;
            if (node is TopicNode level)
            {
                if (filter is [.., (byte)'#']) level.HashMembers.Remove(member);
                else level.Members.Remove(member);
                Volatile.Write(ref _wildcards, _wildcards - 1);
                Prune(level);
                return;
            }

            node.Members.Remove(member);
            if (node.Members.Count == 0) _exact.Remove(node);
        }
    }

    /// <summary>Adds everybody whose filter matches the topic to <paramref name="search"/>'s matches: one entry for each filter.</summary>
    public void CollectMatches(ReadOnlySpan<byte> topic, TreeSearch search)
    {
        _exact.Find(topic, TopicHash.Compute(topic))?.Members.CollectInto(search.Matches);
        if (Volatile.Read(ref _wildcards) != 0) Walk(topic, search);
    }

    /// <summary>Level by level, with all nodes that are still possible: never more steps than the tree has nodes, however the wildcards are combined.</summary>
    private void Walk(ReadOnlySpan<byte> topic, TreeSearch search)
    {
        search.Begin(_root);

        // A filter that begins with a wildcard must not see $SYS and its kind. [MQTT-4.7.2-1]
        var wildcardsMayMatch = topic is not [(byte)'$', ..];
        var rest = topic;
        while (true)
        {
            var slash = rest.IndexOf((byte)'/');
            var level = slash < 0 ? rest : rest[..slash];
            var hash = TopicHash.Compute(level);
            foreach (var node in search.Current)
            {
                if (wildcardsMayMatch)
                {
                    node.HashMembers.CollectInto(search.Matches);
                    if (Volatile.Read(ref node.Plus) is { } plus) search.Next.Add(plus);
                }

                if (Volatile.Read(ref node.Children)?.Find(level, hash) is { } child) search.Next.Add(child);
            }

            if (search.Next.Count == 0) return;

            search.Advance();
            wildcardsMayMatch = true;
            if (slash < 0) break;
            rest = rest[(slash + 1)..];
        }

        foreach (var node in search.Current)
        {
            node.Members.CollectInto(search.Matches);
            node.HashMembers.CollectInto(search.Matches); // `sport/#` sees `sport` too. (4.7.1.2)
        }
    }

    /// <summary>How many nodes there are, for tests of what is left behind.</summary>
    internal int CountNodes()
    {
        lock (_writing)
        {
            var nodes = new List<TopicNode> { _root };
            for (var i = 0; i < nodes.Count; i++)
            {
                nodes[i].Children?.CollectInto(nodes);
                if (nodes[i].Plus is { } plus) nodes.Add(plus);
            }

            return nodes.Count - 1 + _exact.Count;
        }
    }

    private FilterNode FindOrAddExact(byte[] filter)
    {
        var hash = TopicHash.Compute(filter);
        if (_exact.Find(filter, hash) is { } known) return known;

        var node = new FilterNode(filter, hash);
        _exact.Add(node);
        return node;
    }

    private TopicNode FindOrAddLevels(ReadOnlySpan<byte> filter, out bool endsWithHash)
    {
        endsWithHash = false;
        var node = _root;
        while (true)
        {
            var slash = filter.IndexOf((byte)'/');
            var level = slash < 0 ? filter : filter[..slash];
            if (level is [(byte)'#'])
            {
                endsWithHash = true;
                return node;
            }

            node = level is [(byte)'+'] ? FindOrAddPlus(node) : FindOrAddChild(node, level);
            if (slash < 0) return node;
            filter = filter[(slash + 1)..];
        }
    }

    private static TopicNode FindOrAddPlus(TopicNode parent)
    {
        if (parent.Plus is { } known) return known;

        var node = new TopicNode([(byte)'+'], 0, parent);
        Volatile.Write(ref parent.Plus, node);
        return node;
    }

    private static TopicNode FindOrAddChild(TopicNode parent, ReadOnlySpan<byte> level)
    {
        var hash = TopicHash.Compute(level);
        if (parent.Children?.Find(level, hash) is { } known) return known;

        var node = new TopicNode(level.ToArray(), hash, parent);
        if (parent.Children is { } children)
        {
            children.Add(node);
        }
        else
        {
            var first = new NodeTable<TopicNode>();
            first.Add(node);
            Volatile.Write(ref parent.Children, first);
        }

        return node;
    }

    private static void Prune(TopicNode node)
    {
        for (var empty = node; empty.Parent is { } parent && empty.IsEmpty; empty = parent)
        {
            if (parent.Plus == empty)
            {
                Volatile.Write(ref parent.Plus, null);
            }
            else
            {
                parent.Children!.Remove(empty);
                if (parent.Children.Count == 0) Volatile.Write(ref parent.Children, null);
            }
        }
    }
}
