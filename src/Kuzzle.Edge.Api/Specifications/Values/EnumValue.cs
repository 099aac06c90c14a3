using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>The type <c>enum</c>: one of some texts.</summary>
internal sealed class EnumValue(IReadOnlyList<string> values) : ValueRule
{
    public override string? FindFault(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return "The field must be a string.";
        return values.Contains(value.GetString()!, StringComparer.Ordinal) ? null : $"The field only accepts the following values: \"{string.Join("\", \"", values)}\".";
    }
}
