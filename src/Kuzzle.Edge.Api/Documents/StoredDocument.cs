using System.Text.Json;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>A document as it is stored. Immutable.</summary>
/// <param name="Id">Its identifier, unique in its collection.</param>
/// <param name="Json">The whole source as UTF-8 JSON: one object, without duplicate names, <c>_kuzzle_info</c> included, <c>_id</c> not.</param>
/// <param name="Version">1 for a new document; one more for each effective write.</param>
public sealed record StoredDocument(string Id, ReadOnlyMemory<byte> Json, long Version)
{
    private JsonElement _source;

    /// <summary>The same source, parsed. Parsed at the first call and kept.</summary>
    public JsonElement Source
    {
        get
        {
            // Two threads may both parse; either result is right, and a JsonElement is written as one reference and one index of it.
            if (_source.ValueKind == JsonValueKind.Undefined) _source = JsonDocument.Parse(Json).RootElement;
            return _source;
        }
    }
}
