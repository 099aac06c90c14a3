using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Outbox;

/// <summary>
/// Takes over what the upstream holds of a document. A store with an outbox applies it in one transaction with the outbox: the change is not told to the upstream it came from,
/// and if the document was changed here too, the policy decides, in that same transaction, which of the two stays.
/// </summary>
/// <param name="collection">The document's collection here.</param>
/// <param name="id">The document.</param>
/// <param name="json">What the upstream holds; null when it holds nothing.</param>
/// <param name="policy">What is done when the document was changed on both sides.</param>
/// <param name="conflicts">Where <see cref="ConflictPolicy.KeepBoth"/> keeps the other version; it must exist.</param>
public sealed class UpstreamWrite(CollectionName collection, string id, ReadOnlyMemory<byte>? json, ConflictPolicy policy, CollectionName conflicts) : DocumentWrite(id)
{
    /// <summary>What the upstream holds.</summary>
    public UpstreamMark? Mark { get; } = json is { } held ? UpstreamMark.Of(JsonElement.Parse(held.Span)) : null;

    /// <summary>Takes it over, whatever was changed here.</summary>
    public override DocumentChange Apply(StoredDocument? current)
    {
        if (json is not { } held) return current is null ? DocumentChange.None : DocumentChange.Delete;
        return IsSame(current) ? DocumentChange.None : DocumentChange.Put(held);
    }

    /// <summary>Which version stays. Must be, and is, pure.</summary>
    /// <param name="current">The document as it is here.</param>
    /// <param name="isChanged">Whether it has a change that the upstream has not heard of.</param>
    public UpstreamRuling Rule(StoredDocument? current, bool isChanged)
    {
        if (!isChanged || IsSame(current)) return new UpstreamRuling(KeepsLocal: false, Conflicts: conflicts, Aside: null);

        var keepsLocal = policy switch
        {
            ConflictPolicy.Edge => true,
            ConflictPolicy.Cloud => false,
            _ => IsNewer(current),
        };
        var loser = keepsLocal ? json : current?.Json;
        return new UpstreamRuling(keepsLocal, conflicts, policy == ConflictPolicy.KeepBoth && loser is { } lost ? Aside(lost, keepsLocal ? "upstream" : "edge") : null);
    }

    private bool IsSame(StoredDocument? current) => current is null ? json is null : Mark is { } mark && UpstreamMark.Of(current.Source) == mark;

    private bool IsNewer(StoredDocument? current)
    {
        if (current is null || json is not { } held) return current is not null;
        return ChangedAt(current.Source) > ChangedAt(JsonElement.Parse(held.Span));
    }

    private static long ChangedAt(JsonElement source)
    {
        var metadata = Metadata.Of(source);
        return Math.Max(metadata.UpdatedAt ?? 0, metadata.CreatedAt ?? 0);
    }

    /// <summary>By what it is, so that the same version kept twice is one document.</summary>
    private KeyValuePair<string, ReadOnlyMemory<byte>> Aside(ReadOnlyMemory<byte> lost, string origin)
    {
        var source = JsonElement.Parse(lost.Span);
        var aside = new JsonObject
        {
            ["index"] = collection.Index,
            ["collection"] = collection.Collection,
            ["id"] = Id,
            ["origin"] = origin,
            ["document"] = JsonObject.Create(source),
        };
        var name = UpstreamMark.Of(JsonElement.Parse(aside.ToJsonString()));
        return new(name.Fingerprint.ToString("x32", CultureInfo.InvariantCulture), DocumentJson.Verbatim(JsonElement.Parse(aside.ToJsonString())));
    }
}
