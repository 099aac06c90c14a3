using System.Collections.Concurrent;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Registry.Secrets;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>The documents of the registry. Writes are told apart from those of others by what is under way here.</summary>
internal sealed class RegistryStore(KuzzleApi api)
{
    private readonly ConcurrentDictionary<(CollectionName Collection, string Id), ReadOnlyMemory<byte>> _underWay = new();

    /// <summary>Whether a change of a document that was seen is one of those that are being made here: also somebody else may change the same document meanwhile.</summary>
    public bool IsOwn(CollectionName collection, WriteOutcome seen) =>
        _underWay.TryGetValue((collection, (seen.After ?? seen.Before!).Id), out var json) && (seen.After?.Json ?? default).Span.SequenceEqual(json.Span);

    /// <summary>All documents of a collection; none when it does not exist.</summary>
    public Task<IReadOnlyList<StoredDocument>> AllAsync(CollectionName collection, CancellationToken cancellationToken) => api.Documents.AllAsync(collection, cancellationToken);

    /// <summary>The documents of these identifiers that there are.</summary>
    public async Task<IReadOnlyList<StoredDocument>> FindAsync(CollectionName collection, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        [.. (await api.Documents.FindAsync(collection, ids, cancellationToken)).OfType<StoredDocument>()];

    /// <summary>The credentials of all devices, by the identifiers of their documents.</summary>
    public async Task<Dictionary<string, KeptCredentials>> AllSecretsAsync(CancellationToken cancellationToken) =>
        (await AllAsync(RegistryCollections.Secrets, cancellationToken)).ToDictionary(document => document.Id, KeptCredentials.Read, StringComparer.Ordinal);

    /// <summary>The credentials of some devices, by the identifiers of their documents.</summary>
    public async Task<Dictionary<string, KeptCredentials>> SecretsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        (await FindAsync(RegistryCollections.Secrets, ids, cancellationToken)).ToDictionary(document => document.Id, KeptCredentials.Read, StringComparer.Ordinal);

    /// <summary>How the credentials of a device are kept: beside its document, so that who reads that never meets them. To be written in one commit with it.</summary>
    public static (CollectionName Collection, DocumentWrite Write) Secrets(Device device) =>
        (RegistryCollections.Secrets, device.Credentials.Count == 0
            ? new DocumentRemoval(device.SecretsId)
            : new DocumentPut(device.SecretsId, DocumentBytes.Of(new KeptCredentials(device.Uid, device.Credentials).ToDocument())));

    /// <summary>Writes one document; those who subscribed are told. Not cancellable: what changes rights is done or not done.</summary>
    public Task WriteAsync(CollectionName collection, DocumentWrite write) => WriteAsync([(collection, write)]);

    /// <summary>Writes documents in one commit: a power cut leaves all of it or nothing. Otherwise as one document.</summary>
    public async Task WriteAsync(IReadOnlyList<(CollectionName Collection, DocumentWrite Write)> writes)
    {
        foreach (var (collection, write) in writes) _underWay[(collection, write.Id)] = (write as DocumentPut)?.Json ?? default;
        try
        {
            // Once more when somebody has deleted one of the collections in between.
            for (var attempt = 0; attempt < 2; attempt++)
            {
                foreach (var collection in writes.Select(write => write.Collection).Distinct()) await RegistryCollections.EnsureAsync(api.Documents, collection, CancellationToken.None);
                if (await api.WriteAsync(writes, CancellationToken.None) is not null) return;
            }

            throw new DocumentStoreException($"The collection {writes[0].Collection} is missing.");
        }
        finally
        {
            foreach (var (collection, write) in writes) _underWay.TryRemove((collection, write.Id), out _);
        }
    }
}
