using System.Text.Json;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Events;
using Kuzzle.Edge.Devices.Events.Rules;
using Kuzzle.Edge.Devices.Registry.Certificates;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>An application as its document says. Immutable.</summary>
internal sealed record Application
{
    public required string Name { get; init; }

    public required string Uid { get; init; }

    /// <summary>The index of its devices, events, states and commands.</summary>
    public required string Index { get; init; }

    /// <summary>The document. It holds no secrets.</summary>
    public required JsonElement Source { get; init; }

    public bool IsDisabled { get; init; }

    /// <summary>Why the stored document cannot be read, or null: somebody has put it there who is not the registry.</summary>
    public string? Fault { get; init; }

    /// <summary>The dialect that it names, or null.</summary>
    public DeviceDialect? Dialect { get; init; }

    public IReadOnlyList<TrustAnchor> Anchors { get; init; } = [];

    public EventPolicy Events { get; init; } = EventPolicy.Silent;

    public IReadOnlyList<PublishRule> Rules { get; init; } = [];

    public CollectionName Devices => new(Index, "devices");

    public CollectionName States => new(Index, "states");

    public CollectionName Commands => new(Index, "commands");

    public CollectionName Rejected => new(Index, "rejected");

    public CollectionName Registry => new(Index, "events");
}
