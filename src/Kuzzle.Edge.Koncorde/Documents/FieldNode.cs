using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Documents;

/// <summary>One part of a dotted name, and the parts that may follow it.</summary>
internal sealed class FieldNode
{
    private readonly Dictionary<Utf8Text, FieldNode> _children = [];

    public DocumentField? Field { get; set; }

    public bool IsLeaf => _children.Count == 0;

    public FieldNode? Find(ReadOnlySpan<byte> part) => _children.GetValueOrDefault(new Utf8Text(part.ToArray()));

    public FieldNode FindOrAdd(ReadOnlySpan<byte> part)
    {
        var key = new Utf8Text(part.ToArray());
        if (!_children.TryGetValue(key, out var child)) _children.Add(key, child = new FieldNode());
        return child;
    }
}
