using Kuzzle.Edge.Broker.Connections;
using Kuzzle.Edge.Broker.Delivery;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Broker.Subscriptions;
using Kuzzle.Edge.Broker.Timing;

namespace Kuzzle.Edge.Broker.Retained;

/// <summary>The last retained message of each topic. Expired ones are removed when their time has come.</summary>
internal sealed class RetainedStore : IDue
{
    /// <summary>Milliseconds between sweeps: a sweep of 100,000 topics takes some, under the lock.</summary>
    private const long SweepInterval = 30_000;

    private readonly BrokerClock _clock;
    private readonly Journal _journal;
    private readonly int _maxMessages;
    private readonly long _maxBytes;
    private readonly Alarm _sweep;
    private readonly Lock _gate = new();
    private readonly RetainedNode _root = new([], 0, null);
    private readonly List<RetainedNode> _current = [];
    private readonly List<RetainedNode> _next = [];
    private long _bytes;
    private int _count;
    private bool _isWatching;

    public RetainedStore(BrokerClock clock, Journal journal, int maxMessages, long maxBytes)
    {
        _journal = journal;
        _clock = clock;
        _maxMessages = maxMessages;
        _maxBytes = maxBytes;
        _sweep = new Alarm(clock, this);
    }

    public int Count => Volatile.Read(ref _count);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Keeps the message, or with an empty payload removes what its topic had. [MQTT-3.3.1-10]</summary>
    /// <param name="publication">The message.</param>
    /// <param name="ticket">The commit that has it.</param>
    /// <returns>False when the store is full: the topic keeps what it had.</returns>
    public bool TryStore(Publication publication, out long ticket)
    {
        ticket = 0;
        lock (_gate)
        {
            if (publication.Payload.IsEmpty)
            {
                if (Find(publication.Topic.Span) is { Message: not null } cleared) ticket = Remove(cleared);
                return true;
            }

            var known = Find(publication.Topic.Span);
            var replaced = known?.Message;
            if (replaced is null && _count >= _maxMessages) return false;
            if (_bytes - (replaced?.Size ?? 0) + publication.Size > _maxBytes) return false;

            var node = known ?? Add(publication.Topic.Span);
            node.Message = publication.Keep();
            _bytes += publication.Size - (replaced?.Size ?? 0);
            if (replaced is null) _count++;
            Watch(node.Message);

            // What the broker says of itself is of this process.
            if (!_journal.IsDurable || PacketHandler.IsOfTheBroker(publication.Topic.Span)) return true;

            ticket = _journal.Change(new RetainedChange(node.Message.Topic, node.Message.ToStored(_journal)), ref node.Place);
            return true;
        }
    }

    /// <summary>Takes a message back that an earlier process has stored.</summary>
    public void Restore(Publication publication)
    {
        lock (_gate)
        {
            var node = Find(publication.Topic.Span) ?? Add(publication.Topic.Span);
            node.Message = publication;
            _bytes += publication.Size;
            _count++;
            Watch(publication);
        }
    }

    /// <summary>Adds all messages whose topics match to <paramref name="matches"/>.</summary>
    public void CollectMatches(ReadOnlySpan<byte> filter, List<Publication> matches)
    {
        lock (_gate)
        {
            var now = _clock.Now;
            _current.Clear();
            _current.Add(_root);
            while (true)
            {
                var slash = filter.IndexOf((byte)'/');
                var level = slash < 0 ? filter : filter[..slash];
                if (level is [(byte)'#'])
                {
                    CollectBelow(matches, now);
                    return;
                }

                _next.Clear();
                foreach (var node in _current)
                {
                    if (node.Children is not { } children) continue;
                    if (level is [(byte)'+']) CollectChildren(node, _next);
                    else if (children.Find(level, TopicHash.Compute(level)) is { } child) _next.Add(child);
                }

                Advance();
                if (slash < 0 || _current.Count == 0) break;
                filter = filter[(slash + 1)..];
            }

            foreach (var node in _current) Collect(node, matches, now);
        }
    }

    /// <summary>Everything below the current nodes, and they themselves: <c>sport/#</c> sees <c>sport</c>. (4.7.1.2)</summary>
    private void CollectBelow(List<Publication> matches, long now)
    {
        while (_current.Count > 0)
        {
            _next.Clear();
            foreach (var node in _current)
            {
                Collect(node, matches, now);
                CollectChildren(node, _next);
            }

            Advance();
        }
    }

    private void CollectChildren(RetainedNode node, List<RetainedNode> children)
    {
        var start = children.Count;
        node.Children?.CollectInto(children);

        // A wildcard at the first level does not see $SYS and its kind. [MQTT-4.7.2-1]
        if (node != _root) return;
        for (var i = children.Count - 1; i >= start; i--)
        {
            if (children[i].Name is [(byte)'$', ..]) children.RemoveAt(i);
        }
    }

    private static void Collect(RetainedNode node, List<Publication> matches, long now)
    {
        if (node.Message is { } message && !message.IsExpired(now)) matches.Add(message);
    }

    private void Advance()
    {
        _current.Clear();
        _current.AddRange(_next);
    }

    private RetainedNode? Find(ReadOnlySpan<byte> topic)
    {
        var node = _root;
        while (true)
        {
            var slash = topic.IndexOf((byte)'/');
            var level = slash < 0 ? topic : topic[..slash];
            if (node.Children?.Find(level, TopicHash.Compute(level)) is not { } child) return null;
            if (slash < 0) return child;
            node = child;
            topic = topic[(slash + 1)..];
        }
    }

    private RetainedNode Add(ReadOnlySpan<byte> topic)
    {
        var node = _root;
        while (true)
        {
            var slash = topic.IndexOf((byte)'/');
            var level = slash < 0 ? topic : topic[..slash];
            node.Children ??= new NodeTable<RetainedNode>();
            var hash = TopicHash.Compute(level);
            var child = node.Children.Find(level, hash);
            if (child is null) node.Children.Add(child = new RetainedNode(level.ToArray(), hash, node));
            if (slash < 0) return child;
            node = child;
            topic = topic[(slash + 1)..];
        }
    }

    private long Remove(RetainedNode node)
    {
        var message = node.Message!;
        node.Message = null;
        _bytes -= message.Size;
        _count--;
        var ticket = _journal.IsDurable ? _journal.Change(new RetainedChange(message.Topic, null), ref node.Place) : 0;
        Prune(node);
        return ticket;
    }

    private static void Prune(RetainedNode node)
    {
        for (var empty = node; empty.Parent is { } parent && empty.IsEmpty; empty = parent)
        {
            parent.Children!.Remove(empty);
            if (parent.Children.Count == 0) parent.Children = null;
        }
    }

    /// <summary>Sees to it that expired messages are removed some time: until then they are passed over.</summary>
    private void Watch(Publication message)
    {
        if (_isWatching || message.ExpiresAt == BrokerClock.Never) return;

        _isWatching = true;
        _sweep.Set(Math.Max(message.ExpiresAt, _clock.Now + SweepInterval));
    }

    /// <summary>Removes what has expired. One sweep at a time is scheduled, however many messages expire.</summary>
    public long OnDue(long now)
    {
        lock (_gate)
        {
            var next = BrokerClock.Never;
            var expired = new List<RetainedNode>();
            _current.Clear();
            _current.Add(_root);
            while (_current.Count > 0)
            {
                _next.Clear();
                foreach (var node in _current)
                {
                    node.Children?.CollectInto(_next);
                    if (node.Message is not { } message) continue;
                    if (message.IsExpired(now)) expired.Add(node);
                    else next = Math.Min(next, message.ExpiresAt);
                }

                Advance();
            }

            foreach (var node in expired) _ = Remove(node);
            _isWatching = next != BrokerClock.Never;
            return _isWatching ? Math.Max(next, now + SweepInterval) : BrokerClock.Never;
        }
    }
}
