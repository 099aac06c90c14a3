namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>A node that a <see cref="NodeTable{TNode}"/> finds by name.</summary>
internal class LevelNode(byte[] name, int hash)
{
    /// <summary>The level's text, or a whole topic where the table holds whole ones.</summary>
    public readonly byte[] Name = name;

    public readonly int Hash = hash;
}
