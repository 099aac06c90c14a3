using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Devices.Registry;

/// <summary>Notices when devices are changed by something that is not the registry: an index that is deleted, a collection that is emptied, a restored copy.</summary>
internal sealed class RegistryObserver(DeviceRegistry registry) : IDocumentObserver
{
    public void Written(CollectionName collection, IReadOnlyList<WriteOutcome> outcomes)
    {
        if (collection.Collection != "devices" || registry.Book.FindApplicationOfIndex(collection.Index) is not { } application) return;

        var foreign = outcomes.Any(
            outcome => outcome.Kind is DocumentChangeKind.Put or DocumentChangeKind.Delete && !registry.IsOwn(collection, (outcome.After ?? outcome.Before!).Id));
        if (foreign) registry.Reload(application);
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
