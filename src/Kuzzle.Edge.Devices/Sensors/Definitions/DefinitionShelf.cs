using System.Text.Json;
using Kuzzle.Edge.Api;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Sensors.Definitions;

/// <summary>The sensors that were defined through the API: documents of the hidden index, so that they are there after the next start.</summary>
internal sealed class DefinitionShelf(KuzzleApi api)
{
    private static readonly CollectionName Collection = new(InternalIndex.Name, "sensors");

    /// <summary>Nothing of a definition is searched for, so its fields need no types.</summary>
    private static readonly CollectionDefinition Definition = new(JsonElement.Parse("""{"dynamic":"false","properties":{}}"""), JsonElement.Parse("{}"));

    /// <summary>All there are, in the order in which they were made.</summary>
    public async Task<IReadOnlyList<StoredDocument>> LoadAsync(CancellationToken cancellationToken)
    {
        var all = new List<StoredDocument>();
        if (!api.Documents.Catalogue.TryGetCollection(Collection, out _)) return all;

        for (long? next = 0; next is { } after;)
        {
            var page = await api.Documents.WalkAsync(Collection, default, after, cancellationToken);
            all.AddRange(page.Documents);
            next = page.Next;
        }

        return all;
    }

    /// <summary>Keeps a definition; on the disk when it returns.</summary>
    public async Task PutAsync(string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        await api.Documents.DefineCollectionAsync(Collection, before => before ?? Definition, cancellationToken);
        await api.Documents.WriteAsync(Collection, [new DefinitionWrite(name, json)], cancellationToken);
    }

    /// <summary>Forgets a definition; off the disk when it returns.</summary>
    public Task RemoveAsync(string name, CancellationToken cancellationToken) =>
        api.Documents.WriteAsync(Collection, [new DefinitionWrite(name, json: null)], cancellationToken);
}
