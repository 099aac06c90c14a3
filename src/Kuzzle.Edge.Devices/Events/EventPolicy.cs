using System.Text.Json.Nodes;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Events;

/// <summary>What the section <c>edge</c> of a document says about events; null for what it leaves to others. Immutable.</summary>
internal sealed record EventPolicy
{
    /// <summary>Stands in a collection's name for the channel.</summary>
    public const string ChannelPlace = "{channel}";

    private const string DefaultCollection = "events";

    /// <summary>Nothing said.</summary>
    public static EventPolicy Silent { get; } = new();

    public EventStorage? Storage { get; private init; }

    public string? Collection { get; private init; }

    /// <summary>How long stored events are kept; null without a bound.</summary>
    public TimeSpan? MaxAge { get; private init; }

    /// <summary>How many stored events are kept; null without a bound.</summary>
    public long? MaxCount { get; private init; }

    /// <summary>Whether it bounds what is stored.</summary>
    public bool HasRetention => MaxAge is not null || MaxCount is not null;

    /// <summary>Reads the section.</summary>
    public static EventPolicy Read(JsonObject? edge, FieldReader fields)
    {
        if (edge is null) return Silent;

        var store = fields.Text(edge, "store", "edge.store");
        if (store is not (null or "none" or "last" or "all")) fields.Refuse("edge.store", "must be none, last or all");
        var collection = fields.Text(edge, "collection", "edge.collection");
        if (collection is not null && collection != ChannelPlace && !RegistryNames.IsIndex(collection)) fields.Refuse("edge.collection", $"must be the name of a collection, or {ChannelPlace}");
        if (collection is not null && RegistryCollections.IsOwn(collection)) fields.Refuse("edge.collection", "must not be one of the registry's own: devices, states, commands, rejected");

        var retention = fields.Object(edge, "retention", "edge.retention");
        fields.Only(retention, "edge.retention", "maxAge", "maxCount");
        var maxAge = fields.Integer(retention, "maxAge", "edge.retention.maxAge", 1, (long)TimeSpan.FromDays(36_500).TotalMilliseconds);
        return new EventPolicy
        {
            Storage = store switch { "none" => EventStorage.None, "last" => EventStorage.Last, "all" => EventStorage.All, _ => null },
            Collection = collection,
            MaxAge = maxAge is { } age ? TimeSpan.FromMilliseconds(age) : null,
            MaxCount = fields.Integer(retention, "maxCount", "edge.retention.maxCount", 0, int.MaxValue),
        };
    }

    /// <summary>The name of the collection of a channel.</summary>
    public static string CollectionOf(EventPolicy device, EventPolicy application, string channel)
    {
        var named = device.Collection ?? application.Collection ?? DefaultCollection;
        if (named != ChannelPlace) return named;

        var name = RegistryNames.CollectionOf(channel);
        return RegistryCollections.IsOwn(name) ? $"{name}-events" : name;
    }
}
