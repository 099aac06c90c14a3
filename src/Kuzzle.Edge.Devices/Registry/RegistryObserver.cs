using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>Notices when devices are changed by something that is not the registry: the upstream, an index that is deleted, a collection that is emptied, a restored copy.</summary>
internal sealed class RegistryObserver(DeviceRegistry registry) : IDocumentObserver
{
    public void Written(CollectionName collection, IReadOnlyList<WriteOutcome> outcomes)
    {
        if (collection.Collection != "devices" || registry.Book.FindApplicationOfIndex(collection.Index) is not { } application) return;

        var foreign = outcomes
            .Where(outcome => outcome.Kind is DocumentChangeKind.Put or DocumentChangeKind.Delete && !registry.IsOwn(collection, outcome))
            .Select(outcome => (outcome.After ?? outcome.Before!).Id)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (foreign.Count > 0) registry.Reload(application, foreign);
    }

    public void Emptied(CollectionName collection)
    {
        if (collection.Collection == "devices" && registry.Book.FindApplicationOfIndex(collection.Index) is { } application) registry.Reload(application);
    }

    public void Removed(IReadOnlyList<string> indexes)
    {
        foreach (var index in indexes)
        {
            if (registry.Book.FindApplicationOfIndex(index) is { } application) registry.Reload(application);
        }
    }
}
