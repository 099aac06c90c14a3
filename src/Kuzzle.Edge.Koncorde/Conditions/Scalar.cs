using System.Globalization;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Text;

namespace Kuzzle.Edge.Koncorde.Conditions;

/// <summary>A JSON scalar. Two are equal when type and value are: no coercion, numbers as IEEE doubles, -0 as 0.</summary>
internal readonly struct Scalar : IEquatable<Scalar>
{
    private Scalar(JsonValueKind kind, double number, Utf8Text text)
    {
        Kind = kind;
        Number = number;
        Text = text;
    }

    public JsonValueKind Kind { get; }

    public double Number { get; }

    public Utf8Text Text { get; }

    public static Scalar Of(Utf8Text text) => new(JsonValueKind.String, 0, text);

    /// <summary>False for an object or an array.</summary>
    public static bool TryRead(JsonElement element, out Scalar scalar)
    {
        scalar = element.ValueKind switch
        {
            JsonValueKind.String => Of(JsonText.Of(element)),
            JsonValueKind.Number => new Scalar(JsonValueKind.Number, element.GetDouble() + 0.0, default), // + 0.0 makes -0 a 0
            JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => new Scalar(element.ValueKind, 0, default),
            _ => default,
        };
        return scalar.Kind != JsonValueKind.Undefined;
    }

    public static string Format(double number) => number switch
    {
        double.PositiveInfinity => "1e999",
        double.NegativeInfinity => "-1e999",
        _ => (number + 0.0).ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>Whether a value of a document is this scalar.</summary>
    public bool IsValueOf(JsonElement element)
    {
        if (element.ValueKind != Kind) return false;

        return Kind switch
        {
            JsonValueKind.Number => element.GetDouble().Equals(Number) || (Number == 0 && element.GetDouble() == 0),
            JsonValueKind.String => IsText(JsonText.RawContent(element)),
            _ => true,
        };
    }

    public void AppendTo(StringBuilder output)
    {
        switch (Kind)
        {
            case JsonValueKind.String: JsonText.AppendQuoted(output, Text); break;
            case JsonValueKind.Number: output.Append(Format(Number)); break;
            case JsonValueKind.True: output.Append("true"); break;
            case JsonValueKind.False: output.Append("false"); break;
            default: output.Append("null"); break;
        }
    }

    public bool Equals(Scalar other) => Kind == other.Kind && Kind switch
    {
        JsonValueKind.Number => Number.Equals(other.Number),
        JsonValueKind.String => Text.Equals(other.Text),
        _ => true,
    };

    public override bool Equals(object? obj) => obj is Scalar other && Equals(other);

    public override int GetHashCode() => Kind switch
    {
        JsonValueKind.Number => Utf8Hash.Of(Number),
        JsonValueKind.String => Text.GetHashCode(),
        _ => (int)Kind,
    };

    private bool IsText(ReadOnlySpan<byte> raw) =>
        JsonText.IsEscaped(raw) ? Text.Equals(JsonText.Unescape(raw)) : Text.Span.SequenceEqual(raw);
}
