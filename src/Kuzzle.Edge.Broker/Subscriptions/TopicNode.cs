namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>
/// One level of the filters that contain wildcards. Many threads read while one (under the tree's lock) writes: what readers follow
/// is published by single reference writes.
/// </summary>
internal sealed class TopicNode(byte[] name, int hash, TopicNode? parent) : FilterNode(name, hash)
{
    public readonly TopicNode? Parent = parent;

    /// <summary>The levels below by name, or null.</summary>
    public NodeTable<TopicNode>? Children;

    /// <summary>The level <c>+</c> below, or null.</summary>
    public TopicNode? Plus;

    /// <summary>Who subscribed to the filter that ends here with <c>/#</c>.</summary>
    public MemberSet HashMembers;

    public bool IsEmpty => Plus is null && Children is null && Members.Count == 0 && HashMembers.Count == 0;
}
