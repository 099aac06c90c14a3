using System.Text.Json;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>What a collection was created with, and has grown to. Immutable.</summary>
/// <param name="Mapping">
/// A JSON object with <c>dynamic</c> ("true", "false" or "strict"), <c>properties</c> and optionally <c>_meta</c> and <c>dynamic_templates</c>;
/// without the <c>_kuzzle_info</c> that every collection has.
/// </param>
/// <param name="Settings">The settings object as the client sent it; kept and returned, without effect here.</param>
public sealed record CollectionDefinition(JsonElement Mapping, JsonElement Settings)
{
    /// <summary>Nothing in it is searched for.</summary>
    public static CollectionDefinition Unsearched { get; } = new(JsonElement.Parse("""{"dynamic":"false","properties":{}}"""), JsonElement.Parse("{}"));
}
