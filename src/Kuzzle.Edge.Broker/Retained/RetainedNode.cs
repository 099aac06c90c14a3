using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Broker.Subscriptions;

namespace Kuzzle.Edge.Broker.Retained;

/// <summary>One level of the retained topics.</summary>
internal sealed class RetainedNode(byte[] name, int hash, RetainedNode? parent) : LevelNode(name, hash)
{
    public RetainedNode? Parent { get; } = parent;

    public NodeTable<RetainedNode>? Children { get; set; }

    /// <summary>The message of the topic that ends here, or null.</summary>
    public Publication? Message { get; set; }

    /// <summary>Where its last change is gathered. A field, for it is passed by reference.</summary>
    public RetainedPlace Place;

    public bool IsEmpty => Message is null && Children is null;
}
