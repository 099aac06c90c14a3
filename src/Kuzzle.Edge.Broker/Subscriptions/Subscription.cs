using Kuzzle.Edge.Broker.Sessions;

namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>One client's subscription to one filter. Its options change, and are read, under the lock of its session.</summary>
internal sealed class Subscription(Session session, byte[] filter, SharedGroup? group) : TreeMember
{
    public Session Session { get; } = session;

    /// <summary>The filter as the client gave it, with <c>$share/…/</c> when shared.</summary>
    public byte[] Filter { get; } = filter;

    /// <summary>The group whose member this is, or null.</summary>
    public SharedGroup? Group { get; } = group;

    public SubscriptionOptions Options
    {
        get;
        set
        {
            field = value;
            IdentifierList = null;
        }
    }

    /// <summary>The identifier as a list, once it was needed; replaced options forget it.</summary>
    public int[]? IdentifierList { get; set; }

    /// <summary>False once unsubscribed: a message that found it in the tree before must not reach the client any more.</summary>
    public bool IsActive { get; set; } = true;
}
