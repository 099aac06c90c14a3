namespace Kuzzle.Edge.Api.Documents.Writes;

/// <summary>Stores a document that is not there yet.</summary>
internal sealed class CreateDocument(string id, ReadOnlyMemory<byte> json) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current) => current is null ? DocumentChange.Put(json) : DocumentChange.AlreadyExists;
}
