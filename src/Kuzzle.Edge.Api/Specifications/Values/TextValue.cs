using System.Globalization;
using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>The type <c>string</c>, with optional bounds of its length (in UTF-16 units, as JavaScript counts).</summary>
internal sealed class TextValue(double? minLength, double? maxLength) : ValueRule
{
    public override string? FindFault(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return "The field must be a string.";

        var length = value.GetString()!.Length;
        if (length < minLength) return string.Create(CultureInfo.InvariantCulture, $"The string is not long enough; its length is {length}, and must be at least {minLength}.");
        return length > maxLength ? string.Create(CultureInfo.InvariantCulture, $"The string is too long; its length is {length}, and may be {maxLength} at the most.") : null;
    }
}
