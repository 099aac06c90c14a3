using System.Text.Json;

namespace Kuzzle.Edge.Api.Specifications.Values;

/// <summary>The type <c>anything</c>.</summary>
internal sealed class AnyValue : ValueRule
{
    public override string? FindFault(JsonElement value) => null;
}
