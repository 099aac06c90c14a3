using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>The type <c>object</c>, which may be stricter or laxer than the level above it.</summary>
internal sealed class ObjectValue(bool? isStrict) : ValueRule
{
    public override bool MayHaveChildren => true;

    public override bool? IsStrict => isStrict;

    public override string? FindFault(JsonElement value) => value.ValueKind == JsonValueKind.Object ? null : "The value must be an object.";
}
