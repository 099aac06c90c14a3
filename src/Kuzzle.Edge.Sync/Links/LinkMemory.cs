using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Replicating;

namespace Kuzzle.Edge.Sync.Links;

/// <summary>What the link must know after a restart: a document of the hidden index.</summary>
/// <param name="store">The store; it outlives this.</param>
public sealed class LinkMemory(IDocumentStore store)
{
    private const string Id = "link";
    private const string PausedAtMember = "pausedAt";
    private const string NodeMember = "node";

    private static readonly CollectionName Collection = new(InternalIndex.Name, "upstream");

    /// <summary>Since when the operator wants no connection; null when one is wanted.</summary>
    public async Task<DateTimeOffset?> FindPauseAsync(CancellationToken cancellationToken)
    {
        var document = await store.FindAsync(Collection, Id, cancellationToken);
        return document is not null && document.Source.TryGetProperty(PausedAtMember, out var at) && at.ValueKind == JsonValueKind.Number && at.TryGetInt64(out var moment)
            ? DateTimeOffset.FromUnixTimeMilliseconds(moment)
            : null;
    }

    /// <summary>Keeps it. On the disk when it returns.</summary>
    public Task KeepPauseAsync(DateTimeOffset? pausedAt, CancellationToken cancellationToken) =>
        ChangeAsync(known => known[PausedAtMember] = pausedAt?.ToUnixTimeMilliseconds(), cancellationToken);

    /// <summary>There is no upstream: should there be one later, all that is here is sent, for nobody notes what changes until then.</summary>
    public Task ForgetRulesAsync(CancellationToken cancellationToken) => ProgressBook.ForgetOthersAsync(store, static _ => UpstreamRoute.None, cancellationToken);

    /// <summary>The name that was made up for this box; the first call makes it up.</summary>
    public async Task<string> NodeAsync(CancellationToken cancellationToken)
    {
        var document = await ChangeAsync(known => known[NodeMember] ??= Guid.CreateVersion7().ToString(), cancellationToken);
        return document.Source.GetProperty(NodeMember).GetString()!;
    }

    private async Task<StoredDocument> ChangeAsync(Action<JsonObject> change, CancellationToken cancellationToken)
    {
        await store.DefineIfMissingAsync(Collection, CollectionDefinition.Unsearched, cancellationToken);
        var outcomes = await store.WriteAsync(Collection, [new MemoryWrite(Id, change)], cancellationToken);
        return outcomes?[0].After ?? throw new DocumentStoreException($"{Collection} is missing.");
    }

    private sealed class MemoryWrite(string id, Action<JsonObject> change) : DocumentWrite(id)
    {
        public override DocumentChange Apply(StoredDocument? current)
        {
            var known = current is null ? [] : JsonNode.Parse(current.Json.Span)!.AsObject();
            change(known);
            return DocumentChange.Put(Encoding.UTF8.GetBytes(known.ToJsonString()));
        }
    }
}
