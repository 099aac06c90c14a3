using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>The type <c>boolean</c>.</summary>
internal sealed class BooleanValue : ValueRule
{
    public override string? FindFault(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "The field must be of type boolean.";
}
