using System.Text.Json;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Specifications;

namespace Kuzzle.Edge.Api.Documents.Writes;

/// <summary>
/// Merges changes into a document; where there is none, stores <paramref name="otherwise"/> or, without one, refuses. What would come out is checked by the
/// specification, if there is one, within the transaction: two changes that are right by themselves cannot make a wrong document together.
/// </summary>
internal sealed class UpdateDocument(
    string id, JsonElement changes, ApiRequest request, ReadOnlyMemory<byte>? otherwise = null, Specification? specification = null) : DocumentWrite(id)
{
    /// <summary>Why nothing was stored though the document could be written; null when that is not why. Of use once the write is committed.</summary>
    public ApiError? Fault { get; private set; }

    public override DocumentChange Apply(StoredDocument? current)
    {
        Fault = null;
        var merged = current is null ? otherwise : DocumentJson.Merge(current.Source, changes, Metadata.Of(current.Source).UpdatedBy(request));
        if (merged is not { } json) return DocumentChange.NotFound;

        Fault = specification?.Check(JsonElement.Parse(json.Span)).First;
        return Fault is null ? DocumentChange.Put(json) : DocumentChange.None;
    }
}
