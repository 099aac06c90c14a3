using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Documents;

/// <summary>One part of a dotted name, and the parts that may follow it.</summary>
internal sealed class FieldNode
{
    private Dictionary<Utf8Text, FieldNode>? _children;

    public DocumentField? Field { get; set; }

    public bool IsLeaf => _children is null;

    public FieldNode? Find(ReadOnlySpan<byte> part)
    {
        if (_children is null) return null;

        return _children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(part, out var child) ? child : null;
    }

    public FieldNode FindOrAdd(ReadOnlySpan<byte> part)
    {
        if (Find(part) is { } known) return known;

        var child = new FieldNode();
        _children ??= new Dictionary<Utf8Text, FieldNode>(Utf8TextComparer.Instance);
        _children.Add(new Utf8Text(part.ToArray()), child);
        return child;
    }

    public void Remove(ReadOnlySpan<byte> part)
    {
        _children!.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(part);
        if (_children.Count == 0) _children = null;
    }
}
