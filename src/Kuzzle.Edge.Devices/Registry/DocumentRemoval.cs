using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>Removes a document if it is there.</summary>
internal sealed class DocumentRemoval(string id) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current) => current is null ? DocumentChange.None : DocumentChange.Delete;
}
