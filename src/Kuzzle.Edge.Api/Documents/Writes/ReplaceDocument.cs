namespace Kuzzle.Edge.Api.Documents.Writes;

/// <summary>Stores another source for a document that is there.</summary>
internal sealed class ReplaceDocument(string id, ReadOnlyMemory<byte> json) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current) => current is null ? DocumentChange.NotFound : DocumentChange.Put(json);
}
