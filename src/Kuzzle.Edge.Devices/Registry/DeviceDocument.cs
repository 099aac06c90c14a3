using System.Globalization;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Devices.Events;
using Kuzzle.Edge.Devices.Registry.Secrets;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>Reads documents of devices.</summary>
internal static class DeviceDocument
{
    private const int MostAliases = 32;
    private const int MostGateways = 64;

    /// <summary>Takes the credentials out of a document that was sent: from where they stand now, or from the older place. Null when it says nothing of them.</summary>
    public static (JsonArray? List, string Path) TakeCredentials(JsonObject document, FieldReader fields)
    {
        var spec = fields.Object(document, "spec", "spec");
        var authentication = fields.Object(spec, "authentication", "spec.authentication");
        var older = fields.Object(spec, "credentials", "spec.credentials");
        spec?.Remove("credentials"); // Also where it does not count: secrets must not stay in the document.
        var (section, path) = authentication is not null || older is null ? (authentication, "spec.authentication.credentials") : (older, "spec.credentials.credentials");
        var list = fields.List(section, "credentials", path, most: 1000);
        authentication?.Remove("credentials");
        fields.Only(section, path[..path.LastIndexOf('.')], "credentials");
        return (section is null ? null : list ?? [], path);
    }

    /// <summary>Puts into the document what may be shown of the credentials.</summary>
    public static void Show(JsonObject document, IReadOnlyList<StoredCredential> credentials)
    {
        if (document["spec"] is not JsonObject spec) document["spec"] = spec = [];
        spec["authentication"] = credentials.Count == 0 ? [] : new JsonObject { ["credentials"] = new JsonArray([.. credentials.Select(credential => credential.Show())]) };
    }

    /// <summary>What a document means; of use only when <paramref name="fields"/> has no fault afterwards.</summary>
    public static Device Read(Application application, string name, JsonObject document, IReadOnlyList<StoredCredential> credentials, FieldReader fields)
    {
        fields.Only(document, "", "metadata", "spec", "status", "edge", "_kuzzle_info");
        if (!RegistryNames.IsName(name)) fields.Refuse("metadata.name", RegistryNames.NameRule);

        var spec = fields.Object(document, "spec", "spec");
        if (!DeviceDialect.TryRead(ApplicationDocument.SectionOf(spec, "mqtt"), out var dialect, out var unreadable)) fields.Refuse("spec.mqtt", unreadable);
        var aliases = ReadNames(fields.List(spec, "alias", "spec.alias", MostAliases), "spec.alias", fields);
        var gateways = ReadNames(
            fields.List(fields.Object(spec, "gatewaySelector", "spec.gatewaySelector"), "matchNames", "spec.gatewaySelector.matchNames", MostGateways),
            "spec.gatewaySelector.matchNames",
            fields);
        var external = fields.List(spec, "commands", "spec.commands", most: 1000);
        if (external is { Count: > 0 }) fields.Refuse("spec.commands[0]", "must be absent: command endpoints of others (external) do not exist at the edge");

        return new Device
        {
            Application = application.Name,
            Name = name,
            Uid = DocumentBytes.TextOf((document["metadata"] as JsonObject)?["uid"]) ?? "",
            IsDisabled = fields.Flag(fields.Object(spec, "core", "spec.core"), "disabled", "spec.core.disabled") ?? false,
            Aliases = aliases,
            Gateways = gateways,
            Dialect = dialect,
            Events = EventPolicy.Read(fields.Object(document, "edge", "edge"), fields),
            Credentials = credentials,
            Source = DocumentBytes.ElementOf(document),
        };
    }

    /// <summary>Why a device cannot be among the others of its application, or nothing.</summary>
    public static void CheckNeighbours(Device device, RegistryBook book, FieldReader fields)
    {
        if (book.FindOwner(device.Application, device.Name, device.Name) is { } named) fields.Refuse("metadata.name", $"is an alias of the device \"{named.Name}\"");
        for (var i = 0; i < device.Aliases.Count; i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"spec.alias[{i}]");
            if (book.FindOwner(device.Application, device.Aliases[i], device.Name) is { } owner) fields.Refuse(at, $"belongs to the device \"{owner.Name}\"");
        }

        for (var i = 0; i < device.Gateways.Count; i++)
        {
            var gateway = device.Gateways[i];
            var at = string.Create(CultureInfo.InvariantCulture, $"spec.gatewaySelector.matchNames[{i}]");
            if (book.TryResolve(device.Application, gateway, out _, out var known) && known.Name != gateway) fields.Refuse(at, $"must be a name, and \"{gateway}\" is an alias of \"{known.Name}\"");
        }
    }

    private static List<string> ReadNames(JsonArray? list, string path, FieldReader fields)
    {
        var names = new List<string>();
        for (var i = 0; i < (list?.Count ?? 0); i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (fields.Text(list![i], at) is { } name && RegistryNames.IsName(name)) names.Add(name);
            else fields.Refuse(at, RegistryNames.NameRule);
        }

        return names;
    }
}
