namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>What hangs in the subscription tree under a filter: one client's subscription, or a group that shares one.</summary>
internal abstract class TreeMember
{
    /// <summary>Where the filter's member set keeps it. Belongs to the tree's writer.</summary>
    internal int Slot { get; set; }

    /// <summary>The node of its filter while it hangs in the tree. Belongs to the tree's writer.</summary>
    internal FilterNode? Node { get; set; }
}
