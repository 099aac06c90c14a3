namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>A filter that somebody subscribed to: a whole one without wildcards, or with them the place where it ends.</summary>
internal class FilterNode(byte[] name, int hash) : LevelNode(name, hash)
{
    /// <summary>Who subscribed to the filter that ends here.</summary>
    public MemberSet Members;
}
