namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>What a search of the tree needs and finds; used again for the next one.</summary>
internal sealed class TreeSearch
{
    private List<TopicNode> _current = [];
    private List<TopicNode> _next = [];

    /// <summary>One entry for each filter that matched; a client with overlapping filters is there more than once.</summary>
    public List<TreeMember> Matches { get; } = [];

    internal List<TopicNode> Current => _current;

    internal List<TopicNode> Next => _next;

    internal void Begin(TopicNode root)
    {
        _next.Clear();
        _current.Clear();
        _current.Add(root);
    }

    internal void Advance()
    {
        (_current, _next) = (_next, _current);
        _next.Clear();
    }
}
