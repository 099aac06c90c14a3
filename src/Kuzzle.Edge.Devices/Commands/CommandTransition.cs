using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Commands;

/// <summary>Changes a command that is still queued; one that is not is left as it is. So of two who would decide about a command, one does.</summary>
internal sealed class CommandTransition(string id, Action<JsonObject> change) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current)
    {
        if (current is null || CommandDocument.StateOf(current.Source) != CommandState.Queued) return DocumentChange.None;

        var next = (JsonObject)DocumentBytes.NodeOf(current.Source)!;
        change(next);
        return DocumentChange.Put(DocumentBytes.Of(next));
    }
}
