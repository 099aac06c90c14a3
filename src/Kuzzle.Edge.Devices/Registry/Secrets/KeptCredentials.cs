using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>The credentials of one device, as the hidden document holds them.</summary>
/// <param name="Uid">Whose they are: a device that was deleted and made again is somebody else.</param>
/// <param name="Credentials">The credentials.</param>
internal sealed record KeptCredentials(string Uid, IReadOnlyList<StoredCredential> Credentials)
{
    /// <summary>Reads back what <see cref="ToDocument"/> has written.</summary>
    public static KeptCredentials Read(StoredDocument stored)
    {
        var kept = JsonObject.Create(stored.Source)!;
        var credentials = (kept["credentials"] as JsonArray ?? []).OfType<JsonObject>().Select(StoredCredential.Read).OfType<StoredCredential>();
        return new KeptCredentials((string?)kept["uid"] ?? "", [.. credentials]);
    }

    /// <summary>The hidden document.</summary>
    public JsonObject ToDocument() => new() { ["uid"] = Uid, ["credentials"] = new JsonArray([.. Credentials.Select(credential => credential.Keep())]) };

    /// <summary>Says nothing of the secrets.</summary>
    public override string ToString() => $"{Credentials.Count} credentials";
}
