namespace Kuzzle.Edge.Api.Documents.Writes;

/// <summary>Removes a document.</summary>
internal sealed class DeleteDocument(string id) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current) => current is null ? DocumentChange.NotFound : DocumentChange.Delete;
}
