using System.Globalization;
using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>The section <c>metadata</c> of an application or a device: what clients may say in it, and what the registry does.</summary>
internal static class MetadataSection
{
    private static readonly string[] Known =
        ["name", "application", "uid", "labels", "annotations", "generation", "resourceVersion", "creationTimestamp", "deletionTimestamp", "finalizers"];

    /// <summary>Checks what was sent, and answers the section that follows the one before.</summary>
    /// <param name="sent">What was sent; null for nothing.</param>
    /// <param name="before">The section as it is stored; null for a new document.</param>
    /// <param name="name">The name that the document has.</param>
    /// <param name="application">The application of a device; null for an application.</param>
    /// <param name="now">The time.</param>
    /// <param name="fields">Where faults go.</param>
    public static JsonObject Next(JsonObject? sent, JsonObject? before, string name, string? application, DateTimeOffset now, FieldReader fields)
    {
        fields.Only(sent, "metadata", Known);
        if (fields.Text(sent, "name", "metadata.name") is { } given && given != name) fields.Refuse("metadata.name", $"must be \"{name}\", or absent");
        if (application is not null && fields.Text(sent, "application", "metadata.application") is { } other && other != application)
        {
            fields.Refuse("metadata.application", $"must be \"{application}\", or absent");
        }

        fields.Texts(sent, "labels", "metadata.labels");
        fields.Texts(sent, "annotations", "metadata.annotations");

        // Who sends back what he has read says which state he has read.
        foreach (var key in (ReadOnlySpan<string>)["uid", "resourceVersion"])
        {
            if (before is not null && fields.Text(sent, key, $"metadata.{key}") is { } seen && seen != (string?)before[key]) fields.Refuse(DeviceErrors.Conflict($"metadata.{key}"));
        }

        var next = new JsonObject();
        if (application is not null) next["application"] = application;
        next["name"] = name;
        next["uid"] = (string?)before?["uid"] ?? Guid.NewGuid().ToString();
        if (sent?["labels"] is { } labels) next["labels"] = labels.DeepClone();
        if (sent?["annotations"] is { } annotations) next["annotations"] = annotations.DeepClone();
        next["generation"] = ((long?)before?["generation"] ?? 0) + 1;
        next["resourceVersion"] = Guid.NewGuid().ToString();
        next["creationTimestamp"] = (string?)before?["creationTimestamp"] ?? now.ToString("O", CultureInfo.InvariantCulture);
        if (sent?["finalizers"] is { } finalizers) next["finalizers"] = finalizers.DeepClone();
        return next;
    }
}
