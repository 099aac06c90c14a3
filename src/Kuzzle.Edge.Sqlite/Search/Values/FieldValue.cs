using Kuzzle.Edge.Sqlite.Search.Geography;

namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>One value of a field, while its document is being read.</summary>
internal readonly ref struct FieldValue
{
    private FieldValue(GeoPosition point)
    {
        Type = FieldValueType.Point;
        Point = point;
    }

    private FieldValue(FieldValueType type, ReadOnlySpan<byte> text, Number number)
    {
        Type = type;
        Text = text;
        Number = number;
    }

    public FieldValueType Type { get; }

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The number; for a boolean 0 or 1.</summary>
    public Number Number { get; }

    public static FieldValue Of(ReadOnlySpan<byte> text) => new(FieldValueType.Text, text, default);

    /// <summary>The point; for other types meaningless.</summary>
    public GeoPosition Point { get; }

    public static FieldValue Of(GeoPosition point) => new(point);

    public static FieldValue Of(Number number) => new(FieldValueType.Number, default, number);

    public static FieldValue Of(bool value) => new(FieldValueType.Boolean, default, new Number(value ? 1 : 0));

    /// <summary>The order of mixed values: numbers, text by its bytes, booleans.</summary>
    public int OrderAgainst(FieldValue other)
    {
        if (Type != other.Type) return Type.CompareTo(other.Type);
        return Type == FieldValueType.Text ? Text.SequenceCompareTo(other.Text) : Number.OrderAgainst(other.Number);
    }
}
