namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>Keeps the smallest, or the largest, of the values it is shown: what a document with several is sorted by. Cleared before each document.</summary>
internal sealed class ExtremeValue(SortMode mode) : ValueTest
{
    private byte[] _text = new byte[64];
    private int _length;

    /// <summary>False while there was no value.</summary>
    public bool HasValue { get; private set; }

    public FieldValueType Type { get; private set; }

    public Number Number { get; private set; }

    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    private FieldValue View => Type switch
    {
        FieldValueType.Text => FieldValue.Of(Text),
        FieldValueType.Boolean => FieldValue.Of(Number.Whole != 0),
        _ => FieldValue.Of(Number),
    };

    public void Clear() => HasValue = false;

    /// <summary>Never passes: all values must be seen.</summary>
    public override bool Passes(FieldValue value)
    {
        var keep = !HasValue || (mode != SortMode.Largest ? value.OrderAgainst(View) < 0 : value.OrderAgainst(View) > 0);
        if (keep) Keep(value);
        return false;
    }

    private void Keep(FieldValue value)
    {
        HasValue = true;
        Type = value.Type;
        Number = value.Number;
        if (_text.Length < value.Text.Length) _text = new byte[value.Text.Length * 2];
        value.Text.CopyTo(_text);
        _length = value.Text.Length;
    }
}
