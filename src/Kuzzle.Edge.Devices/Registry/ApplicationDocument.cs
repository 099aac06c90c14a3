using System.Globalization;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Devices.Events;
using Kuzzle.Edge.Devices.Events.Rules;
using Kuzzle.Edge.Devices.Registry.Certificates;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>Reads documents of applications.</summary>
internal static class ApplicationDocument
{
    private const int MostAnchors = 32;

    /// <summary>What a document means; of use only when <paramref name="fields"/> has no fault afterwards. Adds the status to the document.</summary>
    public static Application Read(string name, JsonObject document, FieldReader fields)
    {
        fields.Only(document, "", "metadata", "spec", "status", "edge", "index", "_kuzzle_info");
        if (!RegistryNames.IsName(name)) fields.Refuse("metadata.name", RegistryNames.NameRule);
        var index = fields.Text(document, "index", "index");
        if (index is not null && !RegistryNames.IsIndex(index)) fields.Refuse("index", "must be the name of an index: lower case, without spaces and \\/*?\"<>|,+#:%&.");
        if (index is null && !RegistryNames.IsIndex(name)) fields.Refuse("index", $"must be given, for \"{name}\" cannot be the name of an index");

        var spec = fields.Object(document, "spec", "spec");
        var rules = fields.Object(fields.Object(spec, "command", "spec.command"), "rules", "spec.command.rules");
        if (rules is { Count: > 0 }) fields.Refuse("spec.command.rules", "must be empty: rules for commands do not exist at the edge");
        if (!DeviceDialect.TryRead(SectionOf(spec, "mqtt"), out var dialect, out var unreadable)) fields.Refuse("spec.mqtt", unreadable);

        var anchors = ReadAnchors(spec, fields);
        if (anchors.Count > 0) document["status"] = new JsonObject { ["trustAnchors"] = new JsonObject { ["anchors"] = new JsonArray([.. anchors.Select(anchor => anchor.Show())]) } };
        else document.Remove("status");

        return new Application
        {
            Name = name,
            Uid = DocumentBytes.TextOf((document["metadata"] as JsonObject)?["uid"]) ?? "",
            Index = index ?? name,
            IsDisabled = fields.Flag(fields.Object(spec, "core", "spec.core"), "disabled", "spec.core.disabled") ?? false,
            Dialect = dialect,
            Anchors = anchors,
            Events = EventPolicy.Read(fields.Object(document, "edge", "edge"), fields),
            Rules = PublishRule.ReadAll(fields.Object(spec, "publish", "spec.publish"), fields),
            Source = DocumentBytes.ElementOf(document),
        };
    }

    /// <summary>A section as an element; Undefined when there is none.</summary>
    public static System.Text.Json.JsonElement SectionOf(JsonObject? spec, string name) => spec?[name] is { } section ? DocumentBytes.ElementOf(section) : default;

    private static List<TrustAnchor> ReadAnchors(JsonObject? spec, FieldReader fields)
    {
        const string Path = "spec.trustAnchors.anchors";
        var anchors = new List<TrustAnchor>();
        var list = fields.List(fields.Object(spec, "trustAnchors", "spec.trustAnchors"), "anchors", Path, MostAnchors);
        for (var i = 0; i < (list?.Count ?? 0); i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{Path}[{i}]");
            if (fields.Text(list![i] as JsonObject, "certificate", $"{at}.certificate") is not { } text)
            {
                fields.Refuse($"{at}.certificate", "must be a certificate in base 64");
                break;
            }

            var anchor = TrustAnchor.Read(text);
            if (anchor.Fault is { } fault) fields.Refuse($"{at}.certificate", fault);
            anchors.Add(anchor);
        }

        return anchors;
    }
}
