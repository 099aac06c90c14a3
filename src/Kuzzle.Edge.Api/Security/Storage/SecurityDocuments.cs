using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Documents.Writes;

namespace Kuzzle.Edge.Api.Security.Storage;

/// <summary>The documents of the hidden index, one at a time or all.</summary>
internal sealed class SecurityDocuments(IDocumentStore store)
{
    /// <summary>How many documents are read at a time when all are.</summary>
    private const int PageSize = 200;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonElement NoSettings = JsonElement.Parse("{}");

    public IDocumentStore Store => store;

    /// <summary>Makes the collections that are missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        foreach (var name in SecurityCollections.All)
        {
            if (store.Catalogue.TryGetCollection(name, out _)) continue;
            await store.DefineCollectionAsync(name, before => before ?? new CollectionDefinition(MappingOf(name), NoSettings), cancellationToken);
        }
    }

    public ValueTask<StoredDocument?> FindAsync(CollectionName collection, string id, CancellationToken cancellationToken) => store.FindAsync(collection, id, cancellationToken);

    /// <summary>All documents of a collection.</summary>
    public async Task<IReadOnlyList<StoredDocument>> AllAsync(CollectionName collection, CancellationToken cancellationToken)
    {
        var all = new List<StoredDocument>();
        while (true)
        {
            var page = await store.SearchAsync(new SearchRequest { Targets = [collection], From = all.Count, Size = PageSize }, cancellationToken);
            if (page.Refusal is { } refusal) throw new DocumentStoreException(refusal.Message);

            all.AddRange(page.Hits.Select(hit => hit.Document));
            if (page.Hits.Count < PageSize) return all;
        }
    }

    /// <summary>Writes one document; the outcome survives a power cut.</summary>
    public async Task<WriteOutcome> WriteAsync(CollectionName collection, DocumentWrite write) => (await WriteAsync(collection, [write]))[0];

    /// <summary>Writes several documents of a collection, all in one commit. Not cancellable: what changes rights is done or not done.</summary>
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(CollectionName collection, IReadOnlyList<DocumentWrite> writes) => writes.Count == 0
        ? []
        : await store.WriteAsync(collection, writes, CancellationToken.None) ?? throw new DocumentStoreException($"The collection {collection} is missing.");

    /// <summary>Writes documents of several collections, all in one commit or none.</summary>
    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<(CollectionName Collection, DocumentWrite Write)> writes) => writes.Count == 0
        ? []
        : await store.WriteAsync(writes, CancellationToken.None) ?? throw new DocumentStoreException($"A collection of {InternalIndex.Name} is missing.");

    public Task PutAsync(CollectionName collection, string id, JsonObject source) => WriteAsync(collection, new PutDocument(id, Utf8(source)));

    public Task DeleteAsync(CollectionName collection, IEnumerable<string> ids) => WriteAsync(collection, [.. ids.Select(id => new DeleteDocument(id))]);

    /// <summary>A source as it is stored.</summary>
    public static ReadOnlyMemory<byte> Utf8(JsonObject source)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Compact)) source.WriteTo(writer);
        return output.WrittenMemory;
    }

    private static JsonElement MappingOf(CollectionName name) => JsonElement.Parse(name.Collection switch
    {
        "users" => """{"dynamic":"false","properties":{"profileIds":{"type":"keyword"}}}""",
        "profiles" => """{"dynamic":"false","properties":{"policies":{"properties":{"roleId":{"type":"keyword"}}},"rateLimit":{"type":"integer"}}}""",
        "api-keys" => """
            {"dynamic":"false","properties":{"userId":{"type":"keyword"},"description":{"type":"text"},"expiresAt":{"type":"long"},"ttl":{"type":"long"},"fingerprint":{"type":"keyword"}}}
            """,
        _ => """{"dynamic":"false","properties":{}}""",
    });
}
