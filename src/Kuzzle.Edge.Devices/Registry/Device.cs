using System.Text.Json;
using Kuzzle.Edge.Api.Devices;
using Kuzzle.Edge.Devices.Events;
using Kuzzle.Edge.Devices.Registry.Secrets;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>A device as its document says. Immutable.</summary>
internal sealed record Device
{
    public required string Application { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    /// <summary>The document. It holds no secrets.</summary>
    public required JsonElement Source { get; init; }

    public bool IsDisabled { get; init; }

    /// <summary>Why the stored document cannot be read, or null: somebody has put it there who is not the registry.</summary>
    public string? Fault { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The devices that may speak for it, in the order of its document.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>The dialect that it names, or null.</summary>
    public DeviceDialect? Dialect { get; init; }

    public EventPolicy Events { get; init; } = EventPolicy.Silent;

    /// <summary>What it proves itself with. Secrets.</summary>
    public IReadOnlyList<StoredCredential> Credentials { get; init; } = [];

    /// <summary>Where its credentials are kept.</summary>
    public string SecretsId => SecretsIdOf(Application, Name);

    /// <summary>Says nothing of the secrets.</summary>
    public override string ToString() => $"{Name}@{Application}";

    public static string SecretsIdOf(string application, string device) => $"{application}/{device}";
}
