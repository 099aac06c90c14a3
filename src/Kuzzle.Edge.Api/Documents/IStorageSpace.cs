namespace Kuzzle.Edge.Api.Documents;

/// <summary>A store that knows how much room it has.</summary>
public interface IStorageSpace
{
    /// <summary>Measures it now.</summary>
    ValueTask<StorageSpace> MeasureSpaceAsync(CancellationToken cancellationToken);
}
