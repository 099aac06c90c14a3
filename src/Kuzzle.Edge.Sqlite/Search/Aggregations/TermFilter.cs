using System.Text.Json;
using Kuzzle.Edge.Sqlite.Search.Regexps;
using Kuzzle.Edge.Sqlite.Search.Values;

namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>Which values a <c>terms</c> aggregation counts: a list of them, or a regular expression.</summary>
internal sealed class TermFilter
{
    private readonly ValueTest _test;

    private TermFilter(ValueTest test) => _test = test;

    /// <exception cref="SearchRefusedException">It is neither.</exception>
    public static TermFilter Of(JsonElement value, string name)
    {
        if (value.ValueKind == JsonValueKind.String) return new TermFilter(RegexpTest.Of(value.GetString()!, ignoreCase: false, hasExtras: true));
        if (value.ValueKind != JsonValueKind.Array) throw SearchRefusedException.BadRequest($"[terms] [{name}] must be a regular expression or a list of values");
        return new TermFilter(new OneOf(value.EnumerateArray().Select(item => item.ValueKind switch
        {
            JsonValueKind.String => QueryValue.Of(item.GetString()!),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => QueryValue.Of(item.GetRawText()),
            _ => throw SearchRefusedException.BadRequest($"[terms] [{name}] must be a list of values"),
        })));
    }

    public bool Takes(FieldValue value)
    {
        if (value.Type == FieldValueType.Text) return _test.Passes(value);
        Span<byte> text = stackalloc byte[64];
        var number = value.Number;
        if (value.Type == FieldValueType.Boolean) return _test.Passes(FieldValue.Of(number.Whole != 0 ? "true"u8 : "false"u8));
        int length;
        if (number.IsWhole) number.Whole.TryFormat(text, out length, default, System.Globalization.CultureInfo.InvariantCulture);
        else number.Real.TryFormat(text, out length, "R", System.Globalization.CultureInfo.InvariantCulture);
        return _test.Passes(FieldValue.Of(text[..length]));
    }
}
