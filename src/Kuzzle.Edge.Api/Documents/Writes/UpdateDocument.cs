using System.Text.Json;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Documents.Writes;

/// <summary>Merges changes into a document; where there is none, stores <paramref name="otherwise"/> or, without one, refuses.</summary>
internal sealed class UpdateDocument(string id, JsonElement changes, ApiRequest request, ReadOnlyMemory<byte>? otherwise = null) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current)
    {
        if (current is not null) return DocumentChange.Put(DocumentJson.Merge(current.Source, changes, Metadata.Of(current.Source).UpdatedBy(request)));
        return otherwise is { } whole ? DocumentChange.Put(whole) : DocumentChange.NotFound;
    }
}
