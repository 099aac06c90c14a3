namespace Kuzzle.Edge.Api.Documents.Writes;

/// <summary>Stores what a function makes of the document as it is (null when there is none); null from it refuses, for there must be one.</summary>
internal sealed class SourceWrite(string id, Func<StoredDocument?, ReadOnlyMemory<byte>?> make) : DocumentWrite(id)
{
    public override DocumentChange Apply(StoredDocument? current) => make(current) is { } json ? DocumentChange.Put(json) : DocumentChange.NotFound;
}
