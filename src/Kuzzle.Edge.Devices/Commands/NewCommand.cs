using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Commands;

/// <summary>Stores a command that is not there yet.</summary>
internal sealed class NewCommand(string id, ReadOnlyMemory<byte> json) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current) => current is null ? DocumentChange.Put(json) : DocumentChange.AlreadyExists;
}
