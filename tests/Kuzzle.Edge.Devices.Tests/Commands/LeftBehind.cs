using System.Text;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Tests.Commands;

/// <summary>A document as a process that is gone has left it.</summary>
internal sealed class LeftBehind(string id, string json) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current) => DocumentChange.Put(Encoding.UTF8.GetBytes(json));
}
