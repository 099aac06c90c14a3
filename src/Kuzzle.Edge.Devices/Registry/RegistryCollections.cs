using System.Text.Json;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>Where the registry keeps its documents, and as what they are searched.</summary>
internal static class RegistryCollections
{
    /// <summary>By name.</summary>
    public static readonly CollectionName Applications = new(InternalIndex.Name, "applications");

    /// <summary>By <c>application/device</c>: what devices prove themselves with. In the hidden index, so that no action, export, notification or link ever meets it.</summary>
    public static readonly CollectionName Secrets = new(InternalIndex.Name, "device-credentials");

    /// <summary>What the configuration has declared so far. In the hidden index, for it says nothing that the devices do not.</summary>
    public static readonly CollectionName Declarations = new(InternalIndex.Name, "device-declarations");

    private static readonly JsonElement NoSettings = JsonElement.Parse("{}");

    private const string Metadata =
        """
        "metadata":{"properties":{"name":{"type":"keyword"},"application":{"type":"keyword"},"uid":{"type":"keyword"},"generation":{"type":"long"},
          "creationTimestamp":{"type":"date"},"labels":{"dynamic":"true","properties":{}}}}
        """;

    private const string Device =
        """
        "spec":{"properties":{"alias":{"type":"keyword"},"core":{"properties":{"disabled":{"type":"boolean"}}},
          "gatewaySelector":{"properties":{"matchNames":{"type":"keyword"}}}}},
        "edge":{"dynamic":"true","properties":{"store":{"type":"keyword"}}}
        """;

    private static readonly Dictionary<string, JsonElement> Mappings = new(StringComparer.Ordinal)
    {
        ["applications"] = JsonElement.Parse($"{{\"dynamic\":\"false\",\"properties\":{{{Metadata}}}}}"),
        ["device-credentials"] = JsonElement.Parse("""{"dynamic":"false","properties":{}}"""),
        ["device-declarations"] = JsonElement.Parse("""{"dynamic":"false","properties":{}}"""),
        ["devices"] = JsonElement.Parse($"{{\"dynamic\":\"false\",\"properties\":{{{Metadata},{Device}}}}}"),
        ["states"] = JsonElement.Parse(
            """
            {"dynamic":"false","properties":{"device":{"type":"keyword"},"connected":{"type":"boolean"},"since":{"type":"date"},"lastSeen":{"type":"date"},
              "transport":{"type":"keyword"},"origin":{"type":"keyword"}}}
            """),
        ["commands"] = JsonElement.Parse(
            """
            {"dynamic":"false","properties":{"device":{"type":"keyword"},"command":{"type":"keyword"},"state":{"type":"keyword"},"createdAt":{"type":"date"},
              "expiresAt":{"type":"date"},"deliveredAt":{"type":"date"},"correlation":{"type":"keyword"},"ttl":{"type":"long"},"qos":{"type":"integer"},
              "sessions":{"type":"integer"},"via":{"type":"keyword"},"fanout":{"type":"keyword"}}}
            """),
        ["rejected"] = JsonElement.Parse(
            """{"dynamic":"false","properties":{"device":{"type":"keyword"},"topic":{"type":"keyword"},"reason":{"type":"text"},"time":{"type":"date"}}}"""),
    };

    private static readonly JsonElement Events = JsonElement.Parse(
        """
        {"dynamic":"true","properties":{"channel":{"type":"keyword"},"device":{"type":"keyword"},"sender":{"type":"keyword"},"application":{"type":"keyword"},
          "datacontenttype":{"type":"keyword"},"contentType":{"type":"keyword"},"time":{"type":"date"},"id":{"type":"keyword"},"type":{"type":"keyword"},
          "instance":{"type":"keyword"},"data_base64":{"type":"keyword"},"ext":{"dynamic":"false","properties":{}},
          "clock":{"properties":{"mono":{"type":"long"},"boot":{"type":"keyword"},"synced":{"type":"boolean"}}}}}
        """);

    /// <summary>Whether a collection of an application's index is one of the registry's own, where there are no events.</summary>
    public static bool IsOwn(string collection) => collection is "devices" or "states" or "commands" or "rejected";

    /// <summary>Makes a collection, with its index, if it is missing. A collection of events, when it is none of the others.</summary>
    public static async ValueTask EnsureAsync(IDocumentStore store, CollectionName name, CancellationToken cancellationToken)
    {
        if (store.Catalogue.TryGetCollection(name, out _)) return;

        var mapping = Mappings.TryGetValue(name.Collection, out var known) ? known : Events;
        await store.DefineCollectionAsync(name, before => before ?? new CollectionDefinition(mapping, NoSettings), cancellationToken);
    }
}
