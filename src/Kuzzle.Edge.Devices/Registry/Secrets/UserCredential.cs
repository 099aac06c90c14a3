using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>A user name with a password.</summary>
internal sealed record UserCredential(string Id, string UserName, bool IsUnique, ISecretHash Hash) : StoredCredential(Id)
{
    public override JsonObject Show() => new()
    {
        ["user"] = new JsonObject { ["username"] = UserName, ["unique"] = IsUnique, ["password"] = new JsonObject { ["id"] = Id, ["scheme"] = Hash.Scheme } },
    };

    protected override JsonObject KeepSecret() => new() { ["id"] = Id, ["kind"] = "user", ["username"] = UserName, ["unique"] = IsUnique, ["hash"] = Hash.Text };
}
