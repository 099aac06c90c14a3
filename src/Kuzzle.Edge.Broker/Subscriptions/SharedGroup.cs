namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>The clients that share one subscription: <c>$share/NAME/FILTER</c>. Each message goes to one of them, in turn.</summary>
/// <param name="key">Name and filter, <c>NAME/FILTER</c>: each pair is its own group. [MQTT5-4.8.2-1]</param>
/// <param name="filter">The filter alone, under which the group hangs in the tree.</param>
internal sealed class SharedGroup(byte[] key, byte[] filter) : TreeMember
{
    private readonly Lock _gate = new();
    private Subscription[] _members = [];
    private uint _turn;

    public byte[] Key { get; } = key;

    public byte[] Filter { get; } = filter;

    public bool IsEmpty => _members.Length == 0;

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

            var turn = _turn++;
            Subscription? best = null;
            var bestReadiness = -1;
            for (var i = 0; i < members.Length && bestReadiness < 2; i++)
            {
                var member = members[(int)((turn + (uint)i) % (uint)members.Length)];
                var readiness = member.Session.Readiness;
                if (readiness > bestReadiness) (best, bestReadiness) = (member, readiness);
            }

            return best;
        }
    }
}
