using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>Stores a document whether it is there or not.</summary>
internal sealed class DocumentPut(string id, ReadOnlyMemory<byte> json) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current) => DocumentChange.Put(json);
}
