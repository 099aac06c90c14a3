using System.Text.Json;

namespace Kuzzle.Edge.Api.Documents.Writes;

/// <summary>Merges changes into a document and leaves its metadata to them.</summary>
internal sealed class MergeDocument(string id, JsonElement changes) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current) =>
        current is null ? DocumentChange.NotFound : DocumentChange.Put(DocumentJson.MergeVerbatim(current.Source, changes));
}
