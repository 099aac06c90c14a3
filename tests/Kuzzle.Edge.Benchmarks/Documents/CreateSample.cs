using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Benchmarks.Documents;

/// <summary>Creates the document of a number.</summary>
internal sealed class CreateSample(int number) : DocumentWrite(SampleDocument.Id(number))
{
    private readonly byte[] _json = SampleDocument.Json(number);

    public override DocumentChange Apply(StoredDocument? current) => current is null ? DocumentChange.Put(_json) : DocumentChange.AlreadyExists;
}
