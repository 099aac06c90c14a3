using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>Makes the document that is to be stored of what was sent and what is there.</summary>
internal static class RegistryDraft
{
    /// <summary>The document that is to be stored, but for its credentials.</summary>
    public static JsonObject Compose(
        RegistryWriteMode mode, JsonElement? before, JsonObject sent, string name, string? application, string? author, DateTimeOffset now, FieldReader fields)
    {
        var stored = before is { } element ? (JsonObject)DocumentBytes.NodeOf(element)! : null;
        var storedMetadata = stored?["metadata"] as JsonObject;
        var sentMetadata = fields.Object(sent, "metadata", "metadata");
        if (mode == RegistryWriteMode.Update && storedMetadata is not null)
        {
            var merged = new JsonObject();
            foreach (var key in (ReadOnlySpan<string>)["labels", "annotations", "finalizers"])
            {
                if (storedMetadata[key] is { } kept) merged[key] = kept.DeepClone();
            }

            if (sentMetadata is not null) DocumentBytes.Merge(merged, sentMetadata);
            sentMetadata = merged;
        }

        var body = sent;
        if (mode == RegistryWriteMode.Update)
        {
            body = (JsonObject)stored!.DeepClone();
            DocumentBytes.Merge(body, sent);
        }

        var document = new JsonObject { ["metadata"] = MetadataSection.Next(sentMetadata, storedMetadata, name, application, now, fields) };
        foreach (var (member, value) in body)
        {
            if (member is not ("metadata" or "_kuzzle_info")) document[member] = value?.DeepClone();
        }

        if (document["spec"] is null) document["spec"] = new JsonObject();
        var info = stored?["_kuzzle_info"] as JsonObject;
        var time = now.ToUnixTimeMilliseconds();
        document["_kuzzle_info"] = new JsonObject
        {
            ["author"] = info is null ? author : (string?)info["author"],
            ["createdAt"] = info is null ? time : (long?)info["createdAt"],
            ["updatedAt"] = info is null ? null : time,
            ["updater"] = info is null ? null : author,
        };
        return document;
    }
}
