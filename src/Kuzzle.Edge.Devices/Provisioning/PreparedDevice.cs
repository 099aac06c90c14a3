using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Devices.Registry.Secrets;

namespace Kuzzle.Edge.Devices.Provisioning;

/// <summary>A declared device whose passwords are hashed.</summary>
/// <param name="Application">Its application.</param>
/// <param name="Name">Its name.</param>
/// <param name="Document">Its declaration, as it was written.</param>
/// <param name="Sent">What the registry is to be told of it.</param>
/// <param name="WasWithdrawn">Whether it was disabled because nothing declared it any more.</param>
internal sealed record PreparedDevice(string Application, string Name, JsonElement Document, JsonObject Sent, bool WasWithdrawn)
{
    /// <summary>Whether it is as declared already.</summary>
    public bool IsDone { get; init; }

    /// <summary>Why it cannot be told whether it is.</summary>
    public ApiError? Fault { get; init; }

    /// <summary>By the password.</summary>
    public IReadOnlyDictionary<string, ISecretHash?> Hashes { get; init; } = FrozenDictionary<string, ISecretHash?>.Empty;
}
