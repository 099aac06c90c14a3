using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>A text of a certain form: <c>email</c>, <c>url</c>, <c>ip_address</c>. An empty one is left out by the sender's intention, unless it must not be empty.</summary>
internal sealed class FormattedText(string form, bool mayBeEmpty, Func<string, bool> isValid) : ValueRule
{
    public override string? FindFault(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return "The field must be a string.";

        var text = value.GetString()!;
        if (text.Length == 0) return mayBeEmpty ? null : "The string must not be empty.";
        return isValid(text) ? null : $"The string must be a valid {form}.";
    }
}
