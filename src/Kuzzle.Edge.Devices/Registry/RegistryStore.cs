using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Registry.Secrets;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>The documents of the registry. Writes are told apart from those of others by what is under way here.</summary>
internal sealed class RegistryStore(KuzzleApi api)
{
    private readonly ConcurrentDictionary<(CollectionName Collection, string Id), byte> _underWay = new();

    /// <summary>Whether a change of a document that was seen is one of those that are being made here.</summary>
    public bool IsOwn(CollectionName collection, string id) => _underWay.ContainsKey((collection, id));

    /// <summary>All documents of a collection; none when it does not exist.</summary>
    public async Task<IReadOnlyList<StoredDocument>> AllAsync(CollectionName collection, CancellationToken cancellationToken)
    {
        var all = new List<StoredDocument>();
        for (long? after = 0; after is { } place;)
        {
            var page = await api.Documents.WalkAsync(collection, default, place, cancellationToken);
            if (page.Refusal is { } refusal) throw new DocumentStoreException(refusal.Message);

            all.AddRange(page.Documents);
            after = page.Next;
        }

        return all;
    }

    /// <summary>The credentials of all devices.</summary>
    public async Task<IReadOnlyList<(string Id, string Uid, IReadOnlyList<StoredCredential> Credentials)>> AllSecretsAsync(CancellationToken cancellationToken)
    {
        var all = new List<(string, string, IReadOnlyList<StoredCredential>)>();
        foreach (var document in await AllAsync(RegistryCollections.Secrets, cancellationToken))
        {
            var kept = JsonObject.Create(document.Source)!;
            var credentials = (kept["credentials"] as JsonArray ?? []).OfType<JsonObject>().Select(StoredCredential.Read).OfType<StoredCredential>();
            all.Add((document.Id, (string?)kept["uid"] ?? "", [.. credentials]));
        }

        return all;
    }

    /// <summary>Credentials are kept beside the document, and before it: what is in force never lacks them, and those that no device has are removed at the next start.</summary>
    public Task PutSecretsAsync(Device device) => WriteAsync(
        RegistryCollections.Secrets,
        new DocumentPut(
            device.SecretsId,
            DocumentBytes.Of(new JsonObject { ["uid"] = device.Uid, ["credentials"] = new JsonArray([.. device.Credentials.Select(credential => credential.Keep())]) })));

    public Task RemoveSecretsAsync(string id) => WriteAsync(RegistryCollections.Secrets, new DocumentRemoval(id));

    /// <summary>Writes one document; those who subscribed are told. Not cancellable: what changes rights is done or not done.</summary>
    public async Task<StoredDocument?> WriteAsync(CollectionName collection, DocumentWrite write)
    {
        _underWay[(collection, write.Id)] = 0;
        try
        {
            await RegistryCollections.EnsureAsync(api.Documents, collection, CancellationToken.None);
            var outcomes = await api.WriteAsync(collection, [write], CancellationToken.None) ?? throw new DocumentStoreException($"The collection {collection} is missing.");
            return outcomes[0].After;
        }
        finally
        {
            _underWay.TryRemove((collection, write.Id), out _);
        }
    }
}
