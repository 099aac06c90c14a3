namespace Kuzzle.Edge.Api.Documents.Writes;

/// <summary>Stores a document whether it is there or not.</summary>
internal sealed class PutDocument(string id, ReadOnlyMemory<byte> json) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current) => DocumentChange.Put(json);
}
