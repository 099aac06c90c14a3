using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Sensors.Definitions;

/// <summary>The sensors that were defined through the API: documents of the hidden index, so that they are there after the next start.</summary>
internal sealed class DefinitionShelf(KuzzleApi api)
{
    private static readonly CollectionName Collection = new(InternalIndex.Name, "sensors");

    /// <summary>Nothing of a definition is searched for, so its fields need no types.</summary>
    private static readonly CollectionDefinition Definition = new(JsonElement.Parse("""{"dynamic":"false","properties":{}}"""), JsonElement.Parse("{}"));

    /// <summary>All there are, in the order in which they were made.</summary>
    public Task<IReadOnlyList<StoredDocument>> LoadAsync(CancellationToken cancellationToken) => api.Documents.AllAsync(Collection, cancellationToken);

    /// <summary>Keeps a definition; on the disk when it returns.</summary>
    public async Task PutAsync(string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        await api.Documents.DefineCollectionAsync(Collection, before => before ?? Definition, cancellationToken);
        await api.Documents.WriteAsync(Collection, [new DocumentPut(name, json)], cancellationToken);
    }

    /// <summary>Forgets a definition; off the disk when it returns.</summary>
    public Task RemoveAsync(string name, CancellationToken cancellationToken) =>
        api.Documents.WriteAsync(Collection, [new DocumentRemoval(name)], cancellationToken);
}
