using System.Text;

namespace Kuzzle.Edge.Sqlite.Search.Values;

/// <summary>A value that a query compares with, already read as its field is. Immutable.</summary>
internal sealed class QueryValue
{
    private readonly byte[] _text;
    private readonly Number _number;

    private QueryValue(FieldValueType type, byte[] text, Number number)
    {
        Type = type;
        _text = text;
        _number = number;
    }

    public FieldValueType Type { get; }

    public ReadOnlySpan<byte> Text => _text;

    public byte[] TextBytes => _text;

    public Number Number => _number;

    /// <summary>The same as it would be met in a document.</summary>
    public FieldValue View => Type switch
    {
        FieldValueType.Text => FieldValue.Of(_text),
        FieldValueType.Boolean => FieldValue.Of(_number.Whole != 0),
        _ => FieldValue.Of(_number),
    };

    public static QueryValue Of(string text) => new(FieldValueType.Text, Encoding.UTF8.GetBytes(text), default);

    /// <summary>The first text behind all that begin with this one. Not UTF-8, and only to be compared with: UTF-8 has no byte above F4.</summary>
    public static QueryValue Behind(QueryValue beginning)
    {
        var bytes = (byte[])beginning._text.Clone();
        bytes[^1]++;
        return OfUtf8(bytes);
    }

    /// <summary>A value of a document, to be kept.</summary>
    public static QueryValue Copy(FieldValue value) => new(value.Type, value.Type == FieldValueType.Text ? value.Text.ToArray() : [], value.Number);

    /// <summary>Takes the bytes as they are.</summary>
    public static QueryValue OfUtf8(byte[] text) => new(FieldValueType.Text, text, default);

    public static QueryValue Of(Number number) => new(FieldValueType.Number, [], number);

    public static QueryValue Of(bool value) => new(FieldValueType.Boolean, [], new Number(value ? 1 : 0));
}
