using System.Globalization;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>The types <c>numeric</c> and <c>integer</c>, with an optional range.</summary>
internal sealed class NumberValue(bool isWhole, double? min, double? max) : ValueRule
{
    public override string? FindFault(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number)) return "The field must be a number.";
        if (isWhole && number != Math.Floor(number)) return "The field must be an integer.";
        if (number < min) return string.Create(CultureInfo.InvariantCulture, $"Value {value.GetRawText()} is lesser than the allowed minimum ({min})");
        return number > max ? string.Create(CultureInfo.InvariantCulture, $"Value {value.GetRawText()} is greater than the allowed maximum ({max})") : null;
    }
}
