using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Documents.Writes;

/// <summary>Takes fields out of a document.</summary>
internal sealed class DeleteFields(string id, IReadOnlySet<string> fields, ApiRequest request) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current) => current is null
        ? DocumentChange.NotFound
        : DocumentChange.Put(DocumentJson.Without(current.Source, fields, Metadata.Of(current.Source).UpdatedBy(request)));
}
