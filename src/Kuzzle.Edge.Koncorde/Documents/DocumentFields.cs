using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Indexes;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Documents;

/// <summary>
/// The field names that filters ask for, as a tree of name parts, and their values in the document now being tested. A document is walked
/// once, and only where some filter looks: an object whose name leads nowhere is not entered.
/// </summary>
internal sealed class DocumentFields
{
    private static readonly Utf8Text IdName = Utf8Text.From("_id");

    private readonly FieldNode _root = new();
    private readonly List<DocumentField> _present = [];

    /// <summary>Changes with every document, so that what was worked out for one is not taken for the next.</summary>
    public ulong CurrentDocument { get; private set; }

    /// <summary>Whether no name is in use.</summary>
    public bool IsEmpty => _root.IsLeaf;

    /// <summary>The fields that the document has, of those asked for.</summary>
    public ReadOnlySpan<DocumentField> Present => CollectionsMarshal.AsSpan(_present);

    /// <summary>The field of this dotted name, the same object until as many uses are released.</summary>
    public DocumentField Use(Utf8Text name)
    {
        var node = _root;
        var rest = name.Span;
        while (true)
        {
            node = node.FindOrAdd(TakePart(ref rest, out var isLast));
            if (!isLast) continue;

            node.Field ??= new DocumentField(this);
            node.Field.Uses++;
            return node.Field;
        }
    }

    /// <summary>The field of a name in use.</summary>
    public DocumentField Find(Utf8Text name)
    {
        var node = _root;
        var rest = name.Span;
        for (var isLast = false; !isLast;) node = node.Find(TakePart(ref rest, out isLast))!;
        return node.Field!;
    }

    /// <summary>The filters that a field in use leads to.</summary>
    public FieldIndex IndexOf(Utf8Text name)
    {
        var field = Find(name);
        return field.Index ??= new FieldIndex(this, field);
    }

    /// <summary>Ends one use. Names come from outsiders: those that nobody asks for any more must not stay.</summary>
    public void Release(Utf8Text name)
    {
        var field = Find(name);
        if (--field.Uses > 0) return;

        // From the leaf upwards, as far as nothing else hangs on.
        List<(FieldNode Parent, Utf8Text Part)> way = [];
        var node = _root;
        var rest = name.Span;
        for (var isLast = false; !isLast;)
        {
            var part = TakePart(ref rest, out isLast);
            way.Add((node, new Utf8Text(part.ToArray())));
            node = node.Find(part)!;
        }

        node.Field = null;
        for (var i = way.Count - 1; i >= 0 && node is { IsLeaf: true, Field: null }; i--)
        {
            way[i].Parent.Remove(way[i].Part.Span);
            node = way[i].Parent;
        }
    }

    /// <summary>Reads one document. Its id, when known, stands for a member <c>_id</c> of the body.</summary>
    public void Read(JsonElement document, string? id)
    {
        Begin();
        if (document.ValueKind == JsonValueKind.Object) ReadMembers(document, _root);
        if (id is not null && _root.Find(IdName.Span)?.Field is { } field) Add(field).Set(Utf8Text.From(id));
    }

    /// <summary>Reads the document <c>{"value": element}</c>.</summary>
    public void ReadElement(JsonElement element)
    {
        Begin();
        if (_root.Find("value"u8) is not { } node) return;

        if (node.Field is { } field) Add(field).Set(element);
        if (element.ValueKind == JsonValueKind.Object && !node.IsLeaf) ReadMembers(element, node);
    }

    private static ReadOnlySpan<byte> TakePart(ref ReadOnlySpan<byte> name, out bool isLast)
    {
        var dot = name.IndexOf((byte)'.');
        isLast = dot < 0;
        var part = isLast ? name : name[..dot];
        name = isLast ? default : name[(dot + 1)..];
        return part;
    }

    private void Begin()
    {
        CurrentDocument++;
        foreach (var field in Present) field.Clear();

        _present.Clear();
    }

    private DocumentField Add(DocumentField field)
    {
        if (!field.IsPresent) _present.Add(field);
        return field;
    }

    private void ReadMembers(JsonElement container, FieldNode prefix)
    {
        foreach (var member in container.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            if (JsonText.IsEscaped(name)) ReadEscapedMember(name, member.Value, prefix);
            else ReadMember(name, member.Value, prefix);
        }
    }

    private void ReadEscapedMember(ReadOnlySpan<byte> raw, JsonElement value, FieldNode prefix)
    {
        var name = ArrayPool<byte>.Shared.Rent(raw.Length);
        ReadMember(name.AsSpan(0, JsonText.Unescape(raw, name)), value, prefix);
        ArrayPool<byte>.Shared.Return(name);
    }

    private void ReadMember(ReadOnlySpan<byte> name, JsonElement value, FieldNode prefix)
    {
        // An empty name at the root adds no dot to the names below it.
        var isTransparent = name.IsEmpty && ReferenceEquals(prefix, _root);
        var node = prefix;
        for (var isLast = false; !isLast && node is not null;) node = node.Find(TakePart(ref name, out isLast));

        if (node?.Field is { } field) Add(field).Set(value);
        var below = isTransparent ? _root : node;
        if (below is { IsLeaf: false } && value.ValueKind == JsonValueKind.Object) ReadMembers(value, below);
    }
}
