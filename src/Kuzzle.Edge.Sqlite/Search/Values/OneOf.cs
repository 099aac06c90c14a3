namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>One of many values; as fast for thousands as for two.</summary>
internal sealed class OneOf : ValueTest
{
    private readonly HashSet<Number> _numbers = [];
    private readonly HashSet<byte[]> _texts = new(Utf8Comparer.Instance);
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _textLookup;
    private bool _true;
    private bool _false;

    public OneOf(IEnumerable<QueryValue> wanted)
    {
        Wanted = [.. wanted];
        foreach (var value in Wanted) Add(value);
        _textLookup = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public IReadOnlyList<QueryValue> Wanted { get; }

    public override bool Passes(FieldValue value) => value.Type switch
    {
        FieldValueType.Text => _textLookup.Contains(value.Text),
        FieldValueType.Number => _numbers.Contains(value.Number),
        _ => value.Number.Whole != 0 ? _true : _false,
    };

    private void Add(QueryValue value)
    {
        if (value.Type == FieldValueType.Text) _texts.Add(value.TextBytes);
        else if (value.Type == FieldValueType.Number) _numbers.Add(value.Number);
        else if (value.Number.Whole != 0) _true = true;
        else _false = true;
    }
}
