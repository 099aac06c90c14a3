namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>The clients that share one subscription: <c>$share/NAME/FILTER</c>. Each message goes to one of them, in turn.</summary>
/// <param name="key">Name and filter, <c>NAME/FILTER</c>: each pair is its own group. [MQTT5-4.8.2-1]</param>
/// <param name="filter">The filter alone, under which the group hangs in the tree.</param>
internal sealed class SharedGroup(byte[] key, byte[] filter) : TreeMember
{
    private readonly Lock _gate = new();
    private Subscription[] _members = [];
    private int _next; // Whose turn it is.

    public byte[] Key { get; } = key;

    public byte[] Filter { get; } = filter;

    public int Count => _members.Length;

    public bool IsEmpty => Count == 0;

    /// <summary>Whether a client is connected that could get a message.</summary>
    public bool HasReader()
    {
        lock (_gate) return Array.Exists(_members, static member => member.Session.Readiness > 0);
    }

    public void Add(Subscription member)
    {
        lock (_gate) _members = [.. _members, member];
    }

    public void Remove(Subscription member)
    {
        lock (_gate) _members = Array.FindAll(_members, other => other != member);
    }

    /// <summary>
    /// Who gets the next message: the next in turn who is connected and keeps up; if there is none, the next who is connected; else the next whose session
    /// waits for its client.
    /// </summary>
    public Subscription? Next()
    {
        lock (_gate)
        {
            var members = _members;
            if (members.Length == 0) return null;

            if (_next >= members.Length) _next = 0;
            var best = _next;
            var bestReadiness = -1;
            for (var i = 0; i < members.Length && bestReadiness < 2; i++)
            {
                var at = _next + i < members.Length ? _next + i : _next + i - members.Length;
                var readiness = members[at].Session.Readiness;
                if (readiness > bestReadiness) (best, bestReadiness) = (at, readiness);
            }

            // Behind the one that was chosen, not the one whose turn it was: else whoever follows a slow member would get its share too.
            _next = best + 1;
            return members[best];
        }
    }
}
