using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>Stores a document whether it is there or not.</summary>
internal sealed class DocumentPut(string id, ReadOnlyMemory<byte> json) : DocumentWrite(id)
{
    /// <summary>What is stored.</summary>
    public ReadOnlyMemory<byte> Json => json;

    public override DocumentChange Apply(StoredDocument? current) => DocumentChange.Put(json);
}
