using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>A password.</summary>
internal sealed record PassCredential(string Id, ISecretHash Hash) : StoredCredential(Id)
{
    public override JsonObject Show() => new() { ["pass"] = new JsonObject { ["id"] = Id, ["scheme"] = Hash.Scheme } };

    protected override JsonObject KeepSecret() => new() { ["id"] = Id, ["kind"] = "pass", ["hash"] = Hash.Text };
}
