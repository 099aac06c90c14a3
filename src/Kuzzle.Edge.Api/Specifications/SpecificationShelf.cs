using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Documents.Writes;

namespace Kuzzle.Edge.Api.Specifications;

/// <summary>
/// The specifications of all collections: durable in the hidden index, and in memory once somebody has asked. They belong to a name and not to a collection: one
/// may be there before its collection is, and survives it.
/// </summary>
internal sealed class SpecificationShelf(IDocumentStore store, ApiLimits limits, TimeProvider clock)
{
    /// <summary>The collection that holds them.</summary>
    public static readonly CollectionName Collection = new(InternalIndex.Name, "validations");

    private const int PageSize = 500;

    private readonly Lock _lock = new();
    private Task<Dictionary<CollectionName, Specification>>? _loading;
    private volatile Dictionary<CollectionName, Specification>? _loaded;

    /// <summary>The specification of a collection, or null.</summary>
    public async ValueTask<Specification?> FindAsync(CollectionName name, CancellationToken cancellationToken)
    {
        var loaded = _loaded ?? await LoadAsync(cancellationToken);
        return loaded.GetValueOrDefault(name);
    }

    /// <summary>The specification as it is stored, or null.</summary>
    public ValueTask<StoredDocument?> FindDocumentAsync(CollectionName name, CancellationToken cancellationToken) => store.FindAsync(Collection, IdOf(name), cancellationToken);

    /// <summary>A reader with this product's bounds.</summary>
    public SpecificationReader ReaderOf(CollectionName name) => new(name, limits.SubscriptionConditionsCount, clock);

    /// <summary>Stores a specification; from then on it holds.</summary>
    public async Task PutAsync(CollectionName name, JsonElement given, Specification specification, long timestamp, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        await store.DefineCollectionAsync(Collection, before => before ?? new CollectionDefinition(Mappings.MappingRules.Empty, JsonElement.Parse("{}")), cancellationToken);
        var json = new JsonObject
        {
            ["index"] = name.Index,
            ["collection"] = name.Collection,
            ["validation"] = JsonNode.Parse(given.GetRawText()),
            [Metadata.Name] = new JsonObject { ["author"] = null, ["createdAt"] = timestamp, ["updatedAt"] = timestamp, ["updater"] = null },
        };
        await store.WriteAsync(Collection, [new PutDocument(IdOf(name), Encoding.UTF8.GetBytes(json.ToJsonString()))], cancellationToken);
        lock (_lock) _loaded = new Dictionary<CollectionName, Specification>(_loaded!) { [name] = specification };
    }

    /// <summary>Removes a specification, if there is one.</summary>
    public async Task RemoveAsync(CollectionName name, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        await store.WriteAsync(Collection, [new DeleteDocument(IdOf(name))], cancellationToken);
        lock (_lock)
        {
            var rest = new Dictionary<CollectionName, Specification>(_loaded!);
            rest.Remove(name);
            _loaded = rest;
        }
    }

    /// <summary>Searches the specifications as they are stored.</summary>
    public ValueTask<SearchOutcome> SearchAsync(JsonElement body, int from, int size, CancellationToken cancellationToken) =>
        store.SearchAsync(new SearchRequest { Targets = [Collection], Body = body, From = from, Size = size }, cancellationToken);

    private static string IdOf(CollectionName name) => $"{name.Index}#{name.Collection}";

    /// <summary>Once for all who ask at the same time. One who goes away does not stop it; when it fails, the next who asks begins again.</summary>
    private async ValueTask<Dictionary<CollectionName, Specification>> LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded is { } there) return there;

        Task<Dictionary<CollectionName, Specification>> loading;
        lock (_lock)
        {
            if (_loading is null or { IsFaulted: true }) _loading = ReadAllAsync();
            loading = _loading;
        }

        var read = await loading.WaitAsync(cancellationToken);
        lock (_lock) return _loaded ??= read;
    }

    private async Task<Dictionary<CollectionName, Specification>> ReadAllAsync()
    {
        var loaded = new Dictionary<CollectionName, Specification>();
        if (!store.Catalogue.TryGetCollection(Collection, out _)) return loaded;

        for (var from = 0; ; from += PageSize)
        {
            var page = await store.SearchAsync(new SearchRequest { Targets = [Collection], From = from, Size = PageSize }, CancellationToken.None);
            foreach (var hit in page.Hits) Add(loaded, hit.Document.Source);
            if (from + PageSize >= page.Total) return loaded;
        }
    }

    private void Add(Dictionary<CollectionName, Specification> loaded, JsonElement stored)
    {
        var name = new CollectionName(stored.GetProperty("index").GetString()!, stored.GetProperty("collection").GetString()!);
        if (ReaderOf(name).Read(stored.GetProperty("validation")) is { } specification) loaded.Add(name, specification);
    }
}
