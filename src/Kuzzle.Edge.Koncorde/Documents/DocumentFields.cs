using System.Text.Json;
using Kuzzle.Edge.Koncorde.Filters;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Documents;

/// <summary>
/// The field names that filters ask for, as a tree of name parts, and their values in the document now being tested. A document is walked
/// once, and only where some filter looks: an object whose name leads nowhere is not entered.
/// </summary>
internal sealed class DocumentFields
{
    private static readonly Utf8Text ValueName = Utf8Text.From("value");

    private static readonly Utf8Text IdName = Utf8Text.From("_id");

    private readonly FieldNode _root = new();

    /// <summary>Changes with every document, so that nothing need be cleared between two.</summary>
    public uint CurrentDocument { get; private set; }

    /// <summary>The field of this dotted name, the same object every time.</summary>
    public DocumentField Find(Utf8Text name)
    {
        var node = _root;
        var rest = name.Span;
        while (true)
        {
            var dot = rest.IndexOf((byte)'.');
            node = node.FindOrAdd(dot < 0 ? rest : rest[..dot]);
            if (dot < 0) return node.Field ??= new DocumentField(this);

            rest = rest[(dot + 1)..];
        }
    }

    /// <summary>Reads one document. Its id, when known, stands for a member <c>_id</c> of the body.</summary>
    public void Read(JsonElement document, string? id)
    {
        CurrentDocument++;
        if (document.ValueKind == JsonValueKind.Object) ReadMembers(document, _root);
        if (id is not null) Find(IdName).Set(Utf8Text.From(id));
    }

    /// <summary>Reads the document <c>{"value": element}</c>.</summary>
    public void ReadElement(JsonElement element)
    {
        CurrentDocument++;
        var node = _root.Find(ValueName.Span);
        node?.Field?.Set(element);
        if (element.ValueKind == JsonValueKind.Object && node is { IsLeaf: false }) ReadMembers(element, node);
    }

    /// <summary>Makes known the fields that a filter asks for.</summary>
    public void Prepare(Expression filter)
    {
        switch (filter)
        {
            case Literal literal: Find(literal.Condition.Field); break;
            case Conjunction { Operands: var operands }: Array.ForEach(operands, Prepare); break;
            case Disjunction { Operands: var operands }: Array.ForEach(operands, Prepare); break;
            default: break;
        }
    }

    public bool Holds(Expression filter) => filter switch
    {
        Literal literal => literal.Condition.Holds(Find(literal.Condition.Field)) != literal.IsNegated,
        Conjunction { Operands: var operands } => Array.TrueForAll(operands, Holds),
        Disjunction { Operands: var operands } => Array.Exists(operands, Holds),
        _ => ReferenceEquals(filter, Constant.Everything),
    };

    private void ReadMembers(JsonElement container, FieldNode prefix)
    {
        foreach (var member in container.EnumerateObject())
        {
            var node = prefix;
            var name = JsonText.NameOf(member);
            var rest = name.Span;
            while (node is not null)
            {
                var dot = rest.IndexOf((byte)'.');
                node = node.Find(dot < 0 ? rest : rest[..dot]);
                if (dot < 0) break;

                rest = rest[(dot + 1)..];
            }

            node?.Field?.Set(member.Value);
            if (member.Value.ValueKind != JsonValueKind.Object) continue;

            // An empty name at the root adds no dot to the names below it.
            var below = ReferenceEquals(prefix, _root) && name.IsEmpty ? _root : node;
            if (below is { IsLeaf: false }) ReadMembers(member.Value, below);
        }
    }
}
