using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Protocols.KuzzleLegacy;

/// <summary>The controller <c>admin</c>.</summary>
internal sealed class LegacyCollections(LegacyApi api)
{
    public async ValueTask<LegacyAnswer> DeleteAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        var response = await api.RunAsync(request, "collection", "delete", body: default, cancellationToken);
        return response.Error is { } error ? error : LegacyAnswer.Of(request, new JsonObject { ["_source"] = LegacyDocuments.QueryOf(request) });
    }

    public async ValueTask<LegacyAnswer> PutMappingAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        if (request.Body.ValueKind != JsonValueKind.Object || !request.Body.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            return LegacyAnswer.Fail("A mapping needs \"body.properties\", an object.");
        }

        var mapping = LegacyDocuments.BodyOf(request);
        LegacyMapping.Modernise(mapping["properties"]);
        var response = await api.WriteAsync(request, "collection", "updateMapping", LegacyJson.ElementOf(mapping), cancellationToken);
        return response.Error is { } error ? error : LegacyAnswer.Of(request, new JsonObject { ["_source"] = LegacyDocuments.BodyOf(request) });
    }

    public async ValueTask<LegacyAnswer> GetMappingAsync(LegacyRequest request, CancellationToken cancellationToken)
    {
        var response = await api.RunAsync(request, "collection", "getMapping", body: default, cancellationToken);
        if (response.Error is { } error) return error;

        var properties = response.Result?["properties"]?.DeepClone() ?? new JsonObject();
        LegacyMapping.Restore(properties);
        var mappings = new JsonObject { [request.Topic.Collection] = new JsonObject { ["properties"] = properties } };

        // The index stands beside the echo; one that is called like a member of the echo loses against it.
        return LegacyAnswer.Of(request, new JsonObject { ["_source"] = new JsonObject(), [api.Index] = new JsonObject { ["mappings"] = mappings } });
    }
}
