using System.Text;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Tests;

/// <summary>A write that does as a test says.</summary>
internal sealed class TestWrite(string id, Func<StoredDocument?, DocumentChange> apply) : DocumentWrite(id)
{
    public static TestWrite Put(string id, string json) => new(id, _ => DocumentChange.Put(Encoding.UTF8.GetBytes(json)));

    public static TestWrite Create(string id, string json) =>
        new(id, current => current is null ? DocumentChange.Put(Encoding.UTF8.GetBytes(json)) : DocumentChange.AlreadyExists);

    public static TestWrite Delete(string id) => new(id, current => current is null ? DocumentChange.NotFound : DocumentChange.Delete);

    public override DocumentChange Apply(StoredDocument? current) => apply(current);
}
