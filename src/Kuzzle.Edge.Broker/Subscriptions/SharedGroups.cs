namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>All groups of shared subscriptions. A group hangs in the tree as long as it has members.</summary>
internal sealed class SharedGroups(SubscriptionTree tree)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<byte[], SharedGroup> _groups = new(TopicComparer.Instance);

    /// <summary>Adds a member to a group, which begins with its first.</summary>
    /// <param name="key">Name and filter, <c>NAME/FILTER</c>.</param>
    /// <param name="makeMember">Makes the new member of the group.</param>
    public Subscription Join(ReadOnlySpan<byte> key, Func<SharedGroup, Subscription> makeMember)
    {
        lock (_gate)
        {
            var isNew = !_groups.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var group);
            if (group is null)
            {
                group = new SharedGroup(key.ToArray(), key[(key.IndexOf((byte)'/') + 1)..].ToArray());
                _groups.Add(group.Key, group);
            }

            var member = makeMember(group);
            group.Add(member);
            if (isNew) tree.Add(group.Filter, group);
            return member;
        }
    }

    public void Leave(Subscription member)
    {
        var group = member.Group!;
        lock (_gate)
        {
            group.Remove(member);
            if (!group.IsEmpty || !_groups.Remove(group.Key)) return;

            tree.Remove(group.Filter, group);
        }
    }
}
