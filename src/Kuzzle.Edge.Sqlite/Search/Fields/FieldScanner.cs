using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Dates;
using Kuzzle.Edge.Sqlite.Search.Geography;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Fields;

/// <summary>
/// Finds the values of a field in a stored document as Elasticsearch would: arrays, also of objects and within arrays, are looked through, null is no
/// value, and a name with dots is the same as objects within each other. Reads the bytes as they are stored. For one thread at a time.
/// </summary>
internal sealed class FieldScanner
{
    /// <summary>Deeper than any document that comes through a parser of the usual 64 levels; a thread's stack holds several times as many.</summary>
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    private byte[] _scratch = new byte[256];
    private FieldKind _kind;
    private ValueTest _test = new AnyValue();
    private List<Range>? _objects;
    private bool _descends;

    /// <summary>Where the objects at the path are, those in arrays included.</summary>
    public void FindObjects(ReadOnlySpan<byte> source, ReadOnlySpan<byte> path, List<Range> objects)
    {
        _objects = objects;
        _descends = false;
        Scan(source, path, FieldKind.Any, AnyScalar);
        _objects = null;
    }

    /// <summary>Whether a value of the field passes the test. Stops at the first that does.</summary>
    public bool Any(ReadOnlySpan<byte> source, Field field, ValueTest test)
    {
        _descends = false;
        return Scan(source, field.Path, field.Kind, test);
    }

    /// <summary>Whether the field, or a field below it, has any value.</summary>
    public bool Exists(ReadOnlySpan<byte> source, Field field)
    {
        _descends = true;
        return Scan(source, field.Path, FieldKind.Any, AnyScalar);
    }

    private static readonly ValueTest AnyScalar = new AnyValue();

    private bool Scan(ReadOnlySpan<byte> source, ReadOnlySpan<byte> path, FieldKind kind, ValueTest test)
    {
        _kind = kind;
        _test = test;
        var reader = new Utf8JsonReader(source, Options);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject && InObject(ref reader, path);
    }

    /// <summary>From the start of an object to its end, or to where a value passed.</summary>
    private bool InObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> path)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var taken = Follow(ref reader, path);
            reader.Read();
            if (taken == path.Length)
            {
                if (AtField(ref reader)) return true;
            }
            else if (taken >= 0)
            {
                if (AtParent(ref reader, path[(taken + 1)..])) return true;
            }
            else
            {
                reader.Skip();
            }
        }

        return false;
    }

    /// <summary>How much of the path the name of this member takes: all of it, a part that ends at a dot, or nothing (-1).</summary>
    private int Follow(ref Utf8JsonReader reader, ReadOnlySpan<byte> path)
    {
        var name = reader.ValueIsEscaped ? Unescape(ref reader) : reader.ValueSpan;
        if (!path.StartsWith(name)) return -1;
        return name.Length == path.Length || path[name.Length] == '.' ? name.Length : -1;
    }

    private bool AtParent(ref Utf8JsonReader reader, ReadOnlySpan<byte> path)
    {
        if (reader.TokenType == JsonTokenType.StartObject) return InObject(ref reader, path);
        if (reader.TokenType != JsonTokenType.StartArray) return false;

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (AtParent(ref reader, path)) return true;
        }

        return false;
    }

    private bool AtField(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.String when _kind == FieldKind.Geo && !_descends:
                return GeoPointScanner.AnyPoint(ref reader, _test);
            case JsonTokenType.StartObject when _objects is not null:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                _objects.Add(start..(int)reader.BytesConsumed);
                return false;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (AtField(ref reader)) return true;
                }

                return false;
            case JsonTokenType.StartObject when _descends:
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    reader.Read();
                    if (AtField(ref reader)) return true;
                }

                return false;
            case JsonTokenType.StartObject:
                reader.Skip();
                return false;
            default:
                return _objects is null && AtScalar(ref reader);
        }
    }

    private bool AtScalar(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => false,
        JsonTokenType.String => AtText(reader.ValueIsEscaped ? Unescape(ref reader) : reader.ValueSpan),
        JsonTokenType.Number => AtNumber(reader.ValueSpan),
        _ => AtBoolean(reader.TokenType == JsonTokenType.True),
    };

    private bool AtText(ReadOnlySpan<byte> text)
    {
        switch (_kind)
        {
            case FieldKind.Number:
                return Number.TryParse(text, out var number) && _test.Passes(FieldValue.Of(number));
            case FieldKind.Date:
                return DateText.TryParse(text, out var milliseconds) && _test.Passes(FieldValue.Of(new Number(milliseconds)));
            case FieldKind.Boolean:
                return BooleanText.TryParse(text, out var value) && _test.Passes(FieldValue.Of(value));
            case FieldKind.Text:
                return AtWords(text);
            default:
                return _test.Passes(FieldValue.Of(text));
        }
    }

    private bool AtNumber(ReadOnlySpan<byte> digits)
    {
        if (_kind == FieldKind.Keyword) return _test.Passes(FieldValue.Of(digits));
        if (_kind == FieldKind.Text) return AtWords(digits);
        if (_kind == FieldKind.Boolean || !Number.TryParse(digits, out var number)) return false;

        return _test.Passes(FieldValue.Of(_kind == FieldKind.Date ? new Number(Math.Truncate(number.Real)) : number));
    }

    private bool AtBoolean(bool value) => _kind switch
    {
        FieldKind.Number or FieldKind.Date => false,
        FieldKind.Keyword or FieldKind.Text => _test.Passes(FieldValue.Of(value ? "true"u8 : "false"u8)),
        _ => _test.Passes(FieldValue.Of(value)),
    };

    private bool AtWords(ReadOnlySpan<byte> text)
    {
        if (_test.TakesWholeText) return _test.Passes(FieldValue.Of(text));

        foreach (var word in Words.Of(text))
        {
            if (_test.Passes(FieldValue.Of(word))) return true;
        }

        return false;
    }

    private ReadOnlySpan<byte> Unescape(ref Utf8JsonReader reader)
    {
        // What is unescaped is never longer than what was written.
        if (_scratch.Length < reader.ValueSpan.Length) _scratch = new byte[reader.ValueSpan.Length * 2];
        return _scratch.AsSpan(0, reader.CopyString(_scratch));
    }
}
